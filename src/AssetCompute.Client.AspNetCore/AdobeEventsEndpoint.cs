using System.Globalization;
using System.Text;
using AssetCompute.Client.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace AssetCompute.Client.AspNetCore;

/// <summary>HTTP around a receiver.</summary>
internal sealed class AdobeEventsEndpoint(WebhookReceiver receiver, IWebhookHandler handler)
{
    public async Task HandleAsync(HttpContext context)
    {
        WebhookAnswer answer = HttpMethods.IsGet(context.Request.Method)
            ? receiver.AnswerChallenge(Single(context.Request.Query["challenge"]))
            : await ReceiveAsync(context).ConfigureAwait(false);

        HttpResponse response = context.Response;
        response.StatusCode = answer.StatusCode;
        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        if (answer.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        byte[] body = Encoding.UTF8.GetBytes(answer.Body);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    private Task<WebhookAnswer> ReceiveAsync(HttpContext context)
    {
        // The receiver's own bound is the one that counts, and answers; the server's may be lower.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
        {
            server.MaxRequestBodySize = null;
        }

        IHeaderDictionary headers = context.Request.Headers;
        WebhookSignatures signatures = WebhookSignatures.FromHeaders(name => Single(headers[name]));
        return receiver.ReceiveAsync(context.Request.Body, signatures, handler, context.RequestAborted);
    }

    private static string? Single(StringValues values) => values.Count == 1 ? values[0] : null;
}
