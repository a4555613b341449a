using System.Net.Mime;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AssetCompute.Emulator;

/// <summary>Writes responses with a body of known length, so that clients can detect truncation.</summary>
internal static class HttpAnswers
{
    public static Task WriteJsonAsync(this HttpContext context, int status, JsonNode body) =>
        context.WriteBytesAsync(status, MediaTypeNames.Application.Json, JsonText.ToBytes(body));

    public static Task WriteTextAsync(this HttpContext context, int status, string text, string contentType = "text/plain; charset=utf-8") =>
        context.WriteBytesAsync(status, contentType, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file of a user. It may be a page with scripts, which must not run with the emulator's origin when a browser opens it.</summary>
    public static Task WriteFileAsync(this HttpContext context, FileStreamHttpResult file)
    {
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; img-src 'self' data:";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return file.ExecuteAsync(context);
    }

    public static async Task WriteBytesAsync(this HttpContext context, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        if (context.Features.Get<EmulatorCall>() is { } call)
        {
            call.ResponseBody = CallBody.Of(contentType, body);
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
    }
}
