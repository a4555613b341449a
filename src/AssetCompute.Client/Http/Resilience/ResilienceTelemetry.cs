using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;
using Polly;

namespace AssetCompute.Client.Http.Resilience;

/// <summary>Tells logs and metrics of retries and throttling.</summary>
internal sealed class ResilienceTelemetry(ILogger logger)
{
    public void Retrying(HttpOperation operation, Outcome<HttpResponseMessage> outcome, TimeSpan delay)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            string failure = outcome.Exception is { } exception ? FailureName.Of(exception) : FailureName.Of((int)outcome.Result!.StatusCode);
            ClientLog.Retrying(logger, operation.Name, operation.Attempts, failure, delay.TotalMilliseconds, operation.RequestId);
        }
    }

    /// <param name="operation">The operation that was refused.</param>
    /// <param name="closed">How long the gate is closed for it; null when it was closed already.</param>
    /// <param name="rate">The rate with which it will open.</param>
    public void Throttled(HttpOperation operation, TimeSpan? closed, double? rate)
    {
        ClientDiagnostics.Throttled.Add(1, new KeyValuePair<string, object?>(TelemetryTags.Operation, operation.TelemetryName));
        if (closed is { } wait && rate is { } opening)
        {
            ClientLog.Throttled(logger, wait.TotalMilliseconds, opening);
        }
    }

    public void Waited(HttpOperation operation, TimeSpan wait)
    {
        ClientDiagnostics.GateWait.Record(wait.TotalSeconds, new KeyValuePair<string, object?>(TelemetryTags.Operation, operation.TelemetryName));
        ClientLog.Waited(logger, operation.Name, wait.TotalMilliseconds, operation.RequestId);
    }
}
