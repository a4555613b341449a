using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace AssetCompute.Emulator;

/// <summary>Adds every call to the call log before it has any effect, and sets its status before the response is sent.</summary>
internal sealed partial class CallRecording(EmulatorCalls calls, TimeProvider clock)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<UnrecordedMetadata>() is not null)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        var operation = metadata?.GetMetadata<OperationMetadata>()?.Operation ?? EmulatorOperation.Other;
        var requestId = RequestIdentity.Of(context);
        var call = calls.Record(sequence => new EmulatorCall(sequence, operation, clock.GetUtcNow(), context.Request.Method,
            SecretInUrl().Replace(context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent(), "$1=***"),
            HeadersOf(context.Request.Headers, BearerToken.Of(context.Request)), requestId));
        context.Features.Set(call);
        var started = clock.GetTimestamp();
        if (CallBody.IsText(context.Request.ContentType) && context.Request.ContentLength is null or <= CallBody.MostBytes)
        {
            context.Request.EnableBuffering(CallBody.MostBytes);
        }

        context.Response.OnStarting(() =>
        {
            context.Response.Headers["X-Request-Id"] = requestId;
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

    private static Dictionary<string, string> HeadersOf(IHeaderDictionary all, string? bearer)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in all)
        {
            headers[name] = name.ToUpperInvariant() switch
            {
                "AUTHORIZATION" => bearer is null ? "***" : "Bearer ***",
                "COOKIE" => "***",
                _ => value.ToString(),
            };
        }

        return headers;
    }

    [GeneratedRegex(@"(?<=[?&])(sig|token|client_secret|jwt_token|access_token)=[^&]*", RegexOptions.IgnoreCase)]
    private static partial Regex SecretInUrl();
}
