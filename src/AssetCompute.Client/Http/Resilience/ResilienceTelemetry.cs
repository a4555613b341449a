using System.Diagnostics;
using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;
using Polly.Retry;

namespace AssetCompute.Client.Http.Resilience;

/// <summary>Tells logs and metrics of retries and throttling.</summary>
/// <param name="account">The account's name, which is told only where it has one.</param>
/// <param name="logger">The log.</param>
internal sealed class ResilienceTelemetry(string account, ILogger logger)
{
    public void Retrying(OnRetryArguments<HttpResponseMessage> retry, LogLevel level)
    {
        if (logger.IsEnabled(level) && HttpOperation.Of(retry.Context) is { } operation)
        {
            string failure = retry.Outcome.Result is { } response ? FailureName.Of((int)response.StatusCode) : FailureName.Of(retry.Outcome.Exception!);
            ClientLog.Retrying(logger, level, operation.Name, operation.Attempts, failure, retry.RetryDelay.TotalMilliseconds, operation.RequestId ?? "none");
        }
    }

    /// <param name="operation">The operation that was refused.</param>
    /// <param name="pause">For how many seconds nothing leaves, 0 when only the limits were cut; null when neither changed.</param>
    /// <param name="rate">The requests a second that may leave then; null while it is not known.</param>
    /// <param name="places">The requests that may be under way then.</param>
    public void Throttled(HttpOperation operation, double? pause, double? rate, int places)
    {
        ClientDiagnostics.Throttled.Add(1, TagsOf(operation));
        ClientDiagnostics.ThrottlePlaces.Record(places, TelemetryTags.OfAccount(account));
        if (rate is { } known)
        {
            ClientDiagnostics.ThrottleRate.Record(known, TelemetryTags.OfAccount(account));
        }

        if (pause > 0)
        {
            ClientLog.Throttled(logger, pause.Value * 1000, rate ?? double.PositiveInfinity, places);
        }
        else if (pause is not null)
        {
            ClientLog.Slowed(logger, rate ?? double.PositiveInfinity, places);
        }
    }

    public void Waited(HttpOperation operation, TimeSpan wait)
    {
        if (ClientDiagnostics.GateWait.Enabled)
        {
            ClientDiagnostics.GateWait.Record(wait.TotalSeconds, TagsOf(operation));
        }

        ClientLog.Waited(logger, operation.Name, wait.TotalMilliseconds, operation.RequestId ?? "none");
    }

    private TagList TagsOf(HttpOperation operation)
    {
        TagList tags = TelemetryTags.OfAccount(account);
        tags.Add(TelemetryTags.Operation, operation.TelemetryName);
        return tags;
    }
}
