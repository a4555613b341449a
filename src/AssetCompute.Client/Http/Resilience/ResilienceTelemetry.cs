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
    /// <param name="closed">How long the gate is closed for it; null when it was closed already.</param>
    /// <param name="rate">The rate with which it will open.</param>
    public void Throttled(HttpOperation operation, TimeSpan? closed, double? rate)
    {
        if (ClientDiagnostics.Throttled.Enabled)
        {
            ClientDiagnostics.Throttled.Add(1, TagsOf(operation));
        }

        if (closed is { } wait && rate is { } opening)
        {
            ClientLog.Throttled(logger, wait.TotalMilliseconds, opening);
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
        TagList tags = default;
        if (account.Length > 0)
        {
            tags.Add(TelemetryTags.Account, account);
        }

        tags.Add(TelemetryTags.Operation, operation.TelemetryName);
        return tags;
    }
}
