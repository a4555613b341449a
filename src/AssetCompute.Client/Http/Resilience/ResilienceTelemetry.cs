using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;
using Polly.Retry;

namespace AssetCompute.Client.Http.Resilience;

/// <summary>Reports retries and throttling to logs and metrics.</summary>
internal sealed class ResilienceTelemetry(string account, ILogger logger)
{
    public void Retrying(OnRetryArguments<HttpResponseMessage> retry)
    {
        HttpOperation operation = HttpOperation.Of(retry.Context)!;
        string? failure = retry.Outcome.Result is { } response ? Failure.NameOf(response) : Failure.NameOf(retry.Outcome.Exception!);
        LogLevel level = operation.IsRefused ? LogLevel.Debug : LogLevel.Information;
        ClientLog.Retrying(logger, level, operation.Kind.Name, operation.Attempts, failure!, retry.RetryDelay.TotalMilliseconds, operation.RequestId ?? "none");
    }

    /// <param name="operation">The refused operation.</param>
    /// <param name="pause">The number of seconds in which no request is sent; 0 if only the limits were reduced; null if neither changed.</param>
    /// <param name="rate">The number of requests per second that may be sent; null while it is unknown.</param>
    /// <param name="places">The number of requests that may be in flight.</param>
    public void Throttled(HttpOperation operation, double? pause, double? rate, int places)
    {
        ClientDiagnostics.Throttled.Add(1, TelemetryTags.Of(account, operation.Kind.TelemetryName));
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
        ClientDiagnostics.GateWait.Record(wait.TotalSeconds, TelemetryTags.Of(account, operation.Kind.TelemetryName));
        ClientLog.Waited(logger, operation.Kind.Name, wait.TotalMilliseconds, operation.RequestId ?? "none");
    }
}
