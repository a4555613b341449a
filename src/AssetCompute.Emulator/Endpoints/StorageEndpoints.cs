using System.Net.Mime;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.AspNetCore.Routing;

namespace AssetCompute.Emulator;

/// <summary>The storage over HTTP: signed GET, HEAD and PUT.</summary>
internal sealed class StorageEndpoints(IBlobStore store, UrlSigner signer, AssetComputeEmulatorOptions options)
{
    private const string Pattern = EmulatorStorage.Path + "{**name}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Pattern, ["GET", "HEAD"], ReadAsync).WithMetadata(new OperationMetadata(EmulatorOperation.BlobRead));
        routes.MapPut(Pattern, WriteAsync).WithMetadata(new OperationMetadata(EmulatorOperation.BlobWrite), new BodyLimit(options.MaxBlobBytes));
    }

    private async Task ReadAsync(HttpContext context)
    {
        if (await AdmitAsync(context, UrlSigner.Read) is not { } name)
        {
            return;
        }

        if (store.Open(name) is not { } blob)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "There is no such blob.");
            return;
        }

        await using (blob)
        {
            var (from, count, status) = RangeOf(context.Request, blob.Length);
            context.Response.StatusCode = status;
            context.Response.Headers.AcceptRanges = "bytes";
            if (status == StatusCodes.Status416RangeNotSatisfiable)
            {
                context.Response.Headers.ContentRange = $"bytes */{blob.Length}";
                return;
            }

            if (status == StatusCodes.Status206PartialContent)
            {
                context.Response.Headers.ContentRange = $"bytes {from}-{from + count - 1}/{blob.Length}";
            }


            // A blob may be a page with scripts; opened in a browser it must not act as the emulator's own.
            context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; img-src 'self' data:";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.ContentType = blob.ContentType;
            context.Response.ContentLength = count;
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                blob.Content.Seek(from, SeekOrigin.Begin);
                await CopyAsync(blob.Content, context.Response.Body, count, context.RequestAborted);
            }
        }
    }

    private async Task WriteAsync(HttpContext context)
    {
        if (await AdmitAsync(context, UrlSigner.Write) is not { } name)
        {
            return;
        }

        try
        {
            await store.SaveAsync(name, context.Request.ContentType ?? MediaTypeNames.Application.Octet, context.Request.Body,
                options.MaxBlobBytes, context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status201Created;
            context.Response.ContentLength = 0;
        }
        catch (Exception exception) when (exception is BlobTooLargeException or BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge })
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, $"A blob holds at most {options.MaxBlobBytes} bytes.");
        }
    }

    private async Task<string?> AdmitAsync(HttpContext context, string permission)
    {
        var name = context.Request.RouteValues["name"] as string ?? "";
        if (signer.Refusal(name, permission, context.Request.Query) is not { } refusal)
        {
            return name;
        }

        await RefuseAsync(context, StatusCodes.Status403Forbidden, refusal);
        return null;
    }

    private static Task RefuseAsync(HttpContext context, int status, string message) =>
        context.WriteJsonAsync(status, new JsonObject { ["error"] = message });

    private static (long From, long Count, int Status) RangeOf(HttpRequest request, long length)
    {
        var range = new RequestHeaders(request.Headers).Range;
        if (range is not { Unit.Value: "bytes", Ranges.Count: 1 } || length == 0)
        {
            return (0, length, StatusCodes.Status200OK);
        }

        var only = range.Ranges.First();

        // "-n" are the last n bytes; "a-" and "a-b" begin at a.
        var from = only.From ?? Math.Max(0, length - only.To!.Value);
        var to = only.From is null ? length - 1 : Math.Min(only.To ?? (length - 1), length - 1);
        return from > to ? (0, 0, StatusCodes.Status416RangeNotSatisfiable) : (from, to - from + 1, StatusCodes.Status206PartialContent);
    }

    private static async Task CopyAsync(Stream from, Stream to, long count, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(count, 64 * 1024)];
        while (count > 0)
        {
            var read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(count, buffer.Length)), cancellationToken);
            if (read == 0)
            {
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            count -= read;
        }
    }
}
