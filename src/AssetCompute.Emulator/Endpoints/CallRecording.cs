using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace AssetCompute.Emulator;

/// <summary>Adds every call to the call log before it has any effect, and sets its status before the response is sent.</summary>
internal sealed partial class CallRecording(EmulatorCalls calls, TimeProvider clock)
{
    private const int MaxRequestIdLength = 256;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        context.TraceIdentifier = RequestIdOf(context.Request);
        var metadata = context.GetEndpoint()?.Metadata.GetMetadata<OperationMetadata>();
        if (metadata == OperationMetadata.Unrecorded)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        var operation = metadata?.Operation ?? EmulatorOperation.Other;
        var call = calls.Record(sequence => new EmulatorCall
        {
            Sequence = sequence,
            Operation = operation,
            Time = clock.GetUtcNow(),
            Method = context.Request.Method,
            Path = SecretInUrl().Replace(context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent(), "$1=***"),
            Headers = HeadersOf(context.Request.Headers, context.Request.BearerToken()),
            RequestId = context.TraceIdentifier,
        });
        context.Features.Set(call);
        var started = clock.GetTimestamp();
        if (CallBody.IsText(context.Request.ContentType) && context.Request.ContentLength is null or <= CallBody.MostBytes)
        {
            context.Request.EnableBuffering(CallBody.MostBytes);
        }

        context.Response.OnStarting(() =>
        {
            context.Response.Headers["X-Request-Id"] = context.TraceIdentifier;
            if (!call.IsReset)
            {
                calls.Answered(call, context.Response.StatusCode, HeadersOf(context.Response.Headers, null));
            }

            return Task.CompletedTask;
        });

        try
        {
            await next(context).ConfigureAwait(false);
        }
        finally
        {
            call.RequestBody = await BodyOfAsync(context.Request).ConfigureAwait(false);
            calls.Ended(call, clock.GetElapsedTime(started));
        }
    }

    /// <summary>The caller's <c>x-request-id</c>, or a new one. It is returned as a header, so a value that is not valid in a header is ignored.</summary>
    private static string RequestIdOf(HttpRequest request) =>
        request.Headers["x-request-id"].ToString() is { Length: > 0 and <= MaxRequestIdLength } sent && sent.All(c => c is > ' ' and < (char)127) ? sent : Guid.NewGuid().ToString("N");

    /// <summary>Returns the part of a request body that was read.</summary>
    private static async Task<CallBody?> BodyOfAsync(HttpRequest request)
    {
        if (request.Body is not FileBufferingReadStream { Length: <= CallBody.MostBytes } body)
        {
            return request.ContentLength is 0 or null ? null : new CallBody(request.ContentLength.Value, null);
        }

        body.Position = 0;
        var content = new byte[body.Length];
        await body.ReadExactlyAsync(content).ConfigureAwait(false);
        return content.Length > 0 ? CallBody.Of(request.ContentType, content) : null;
    }

    private static Dictionary<string, string> HeadersOf(IHeaderDictionary all, string? bearer) => all.ToDictionary(
        header => header.Key,
        header => header.Key.ToUpperInvariant() switch
        {
            "AUTHORIZATION" => bearer is null ? "***" : "Bearer ***",
            "COOKIE" => "***",
            _ => header.Value.ToString(),
        },
        StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(@"(?<=[?&])(sig|token|client_secret|jwt_token|access_token)=[^&]*", RegexOptions.IgnoreCase)]
    private static partial Regex SecretInUrl();
}
