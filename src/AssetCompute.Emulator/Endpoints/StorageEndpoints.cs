using System.Net.Mime;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
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
        if (await AdmitAsync(context, UrlSigner.Read).ConfigureAwait(false) is not { } name)
        {
            return;
        }

        if (store.Open(name) is not { } blob)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "There is no such blob.").ConfigureAwait(false);
            return;
        }

        // A blob may be a page with scripts; opened in a browser it must not act as the emulator's own.
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'; img-src 'self' data:";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await TypedResults.Stream(blob.Content, blob.ContentType, enableRangeProcessing: true).ExecuteAsync(context).ConfigureAwait(false);
    }

    private async Task WriteAsync(HttpContext context)
    {
        if (await AdmitAsync(context, UrlSigner.Write).ConfigureAwait(false) is not { } name)
        {
            return;
        }

        try
        {
            await store.SaveAsync(name, context.Request.ContentType ?? MediaTypeNames.Application.Octet, context.Request.Body,
                options.MaxBlobBytes, context.RequestAborted).ConfigureAwait(false);
            context.Response.StatusCode = StatusCodes.Status201Created;
            context.Response.ContentLength = 0;
        }
        catch (Exception exception) when (exception is BlobTooLargeException or BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge })
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, $"A blob holds at most {options.MaxBlobBytes} bytes.").ConfigureAwait(false);
        }
    }

    private async Task<string?> AdmitAsync(HttpContext context, string permission)
    {
        var name = context.Request.RouteValues["name"] as string ?? "";
        if (signer.Refusal(name, permission, context.Request.Query) is not { } refusal)
        {
            return name;
        }

        await RefuseAsync(context, StatusCodes.Status403Forbidden, refusal).ConfigureAwait(false);
        return null;
    }

    private static Task RefuseAsync(HttpContext context, int status, string message) =>
        context.WriteJsonAsync(status, new JsonObject { ["error"] = message });
}
