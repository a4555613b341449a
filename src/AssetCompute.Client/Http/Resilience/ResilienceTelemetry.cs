using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;
using Polly.Retry;

namespace AssetCompute.Client.Http.Resilience;

/// <summary>Reports retries and throttling to logs and metrics.</summary>
internal sealed class ResilienceTelemetry(string account, ILogger logger)
{
    public void Retrying(OnRetryArguments<HttpResponseMessage> retry, LogLevel level)
    {
        if (HttpOperation.Of(retry.Context) is { } operation)
        {
            string? failure = retry.Outcome.Result is { } response ? FailureName.Of(response) : FailureName.Of(retry.Outcome.Exception!);
            ClientLog.Retrying(logger, level, operation.Name, operation.Attempts, failure!, retry.RetryDelay.TotalMilliseconds, operation.RequestId ?? "none");
        }
    }

    /// <param name="operation">The operation that was refused.</param>
    /// <param name="pause">The seconds in which nothing leaves; 0 when only the limits were cut; null when neither changed.</param>
    /// <param name="rate">The requests per second that may leave; null while it is not known.</param>
    /// <param name="places">The requests that may be in flight.</param>
    public void Throttled(HttpOperation operation, double? pause, double? rate, int places)
    {
        ClientDiagnostics.Throttled.Add(1, TelemetryTags.Of(account, operation.TelemetryName));
        ClientDiagnostics.ThrottlePlaces.Record(places, TelemetryTags.Of(account));
        if (rate is { } known)
        {
            ClientDiagnostics.ThrottleRate.Record(known, TelemetryTags.Of(account));
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
        ClientDiagnostics.GateWait.Record(wait.TotalSeconds, TelemetryTags.Of(account, operation.TelemetryName));
        ClientLog.Waited(logger, operation.Name, wait.TotalMilliseconds, operation.RequestId ?? "none");
    }
}
