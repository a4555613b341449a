using System.Diagnostics;
using AssetCompute.Client.Diagnostics;
using AssetCompute.Client.Http.Resilience;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Http;

/// <summary>Reports each call, with all its attempts, to traces, metrics and logs. The spans of the attempts come from .NET's own HTTP client.</summary>
internal sealed class TelemetryHandler(string account, ILogger logger) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpOperation operation = HttpOperation.Of(request)
            ?? throw new InvalidOperationException("The request is not one of the SDK, or a handler of the application has replaced it without its Options. Copy the Options to the new request.");
        using Activity? activity = Start(request, operation);
        try
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            End(activity, operation, (int)response.StatusCode, Failure.NameOf(response));
            return response;
        }
        catch (Exception exception)
        {
            End(activity, operation, statusCode: null, Failure.NameOf(exception));
            throw;
        }
    }

    private static Activity? Start(HttpRequestMessage request, HttpOperation operation) => ClientDiagnostics.StartActivity(operation.Kind.Name, operation.Cause)?
        .SetTag(TelemetryTags.RequestId, operation.RequestId)
        .SetTag(TelemetryTags.HttpRequestMethod, request.Method.Method)
        .SetTag(TelemetryTags.UrlFull, RedactedUrl.Of(request.RequestUri))
        .SetTag(TelemetryTags.ServerAddress, request.RequestUri?.Host)
        .SetTag(TelemetryTags.ServerPort, request.RequestUri?.Port);

    private void End(Activity? activity, HttpOperation operation, int? statusCode, string? failure)
    {
        TagList tags = TelemetryTags.Of(account, operation.Kind.TelemetryName, statusCode, failure);
        if (activity is not null)
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                activity.SetTag(tag.Key, tag.Value);
            }

            activity.SetTag(TelemetryTags.HttpRequestResendCount, operation.Attempts > 1 ? operation.Attempts - 1 : null)
                .SetStatus(failure is null ? ActivityStatusCode.Unset : ActivityStatusCode.Error);
        }

        TimeSpan elapsed = operation.Elapsed;
        ClientDiagnostics.OperationDuration.Record(elapsed.TotalSeconds, tags);
        string requestId = operation.RequestId ?? "none";
        if (failure is null)
        {
            ClientLog.Succeeded(logger, operation.Kind.Name, statusCode ?? 0, operation.Attempts, elapsed.TotalMilliseconds, requestId);
        }
        else if (failure == Failure.Cancelled)
        {
            ClientLog.Cancelled(logger, operation.Kind.Name, operation.Attempts, elapsed.TotalMilliseconds, requestId);
        }
        else
        {
            ClientLog.Failed(logger, operation.Kind.Name, failure, operation.Attempts, elapsed.TotalMilliseconds, requestId);
        }
    }
}
