using System.Diagnostics;
using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Http;

/// <summary>
/// Tells traces, metrics and logs of each call: the outermost of the handlers, so that a call with all its attempts is one. The attempts have
/// the spans of .NET's own HTTP client, as children.
/// </summary>
/// <param name="account">The account's name, which is told only where it has one.</param>
/// <param name="logger">The log.</param>
internal sealed class TelemetryHandler(string account, ILogger logger) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        HttpOperation.Of(request) is { } operation ? SendAsync(request, operation, cancellationToken) : base.SendAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpOperation operation, CancellationToken cancellationToken)
    {
        using Activity? activity = Start(request, operation);
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            Ended(activity, operation, (int)response.StatusCode, failure: response.IsSuccessStatusCode ? null : FailureName.Of((int)response.StatusCode));
            return response;
        }
        catch (Exception exception)
        {
            Ended(activity, operation, statusCode: null, FailureName.Of(exception));
            throw;
        }
    }

    private Activity? Start(HttpRequestMessage request, HttpOperation operation)
    {
        Activity? activity = ClientDiagnostics.StartActivity(operation.Name, operation.Cause);
        if (activity is { IsAllDataRequested: true } && request.RequestUri is { } url)
        {
            foreach (KeyValuePair<string, object?> tag in TelemetryTags.OfAccount(account))
            {
                activity.SetTag(tag.Key, tag.Value);
            }

            activity.SetTag(TelemetryTags.Operation, operation.TelemetryName);
            activity.SetTag(TelemetryTags.RequestId, operation.RequestId);
            activity.SetTag(TelemetryTags.HttpRequestMethod, request.Method.Method);
            activity.SetTag(TelemetryTags.UrlFull, RedactedUrl.Of(url));
            activity.SetTag(TelemetryTags.ServerAddress, url.Host);
            activity.SetTag(TelemetryTags.ServerPort, url.Port);
        }

        return activity;
    }

    private void Ended(Activity? activity, HttpOperation operation, int? statusCode, string? failure)
    {
        TimeSpan elapsed = operation.Elapsed;
        if (activity is { IsAllDataRequested: true })
        {
            if (statusCode is { } status)
            {
                activity.SetTag(TelemetryTags.HttpResponseStatusCode, status);
            }

            if (operation.Attempts > 1)
            {
                activity.SetTag(TelemetryTags.HttpRequestResendCount, operation.Attempts - 1);
            }

            if (failure is not null)
            {
                activity.SetTag(TelemetryTags.ErrorType, failure);
                activity.SetStatus(ActivityStatusCode.Error);
            }
        }

        if (ClientDiagnostics.OperationDuration.Enabled)
        {
            TagList tags = TelemetryTags.OfAccount(account);
            tags.Add(TelemetryTags.Operation, operation.TelemetryName);
            if (statusCode is { } status)
            {
                tags.Add(TelemetryTags.HttpResponseStatusCode, status);
            }

            if (failure is not null)
            {
                tags.Add(TelemetryTags.ErrorType, failure);
            }

            ClientDiagnostics.OperationDuration.Record(elapsed.TotalSeconds, tags);
        }

        double milliseconds = elapsed.TotalMilliseconds;
        string requestId = operation.RequestId ?? "none";
        if (failure is null)
        {
            ClientLog.Succeeded(logger, operation.Name, statusCode ?? 0, operation.Attempts, milliseconds, requestId);
        }
        else if (failure == FailureName.Cancelled)
        {
            ClientLog.Cancelled(logger, operation.Name, operation.Attempts, milliseconds, requestId);
        }
        else
        {
            ClientLog.Failed(logger, operation.Name, failure, operation.Attempts, milliseconds, requestId);
        }
    }
}
