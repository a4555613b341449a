using System.Net.Mime;
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
        routes.MapMethods(Pattern, ["GET", "HEAD"], ReadAsync).WithMetadata(new OperationMetadata(EmulatorOperation.BlobRead), ErrorForm.Member("error"));
        routes.MapPut(Pattern, WriteAsync).WithMetadata(new OperationMetadata(EmulatorOperation.BlobWrite), new BodyLimit(options.MaxBlobBytes), ErrorForm.Member("error"));
    }

    private Task ReadAsync(HttpContext context)
    {
        var blob = store.Open(Admit(context, UrlSigner.Read)) ?? throw new Refusal(StatusCodes.Status404NotFound, "There is no such blob.");
        return context.WriteFileAsync(TypedResults.Stream(blob.Content, blob.ContentType, enableRangeProcessing: true));
    }

    private async Task WriteAsync(HttpContext context)
    {
        var name = Admit(context, UrlSigner.Write);
        await store.SaveAsync(name, context.Request.ContentType ?? MediaTypeNames.Application.Octet, context.Request.Body, options.MaxBlobBytes, context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.ContentLength = 0;
    }

    private string Admit(HttpContext context, string permission)
    {
        var name = context.Route("name");
        return signer.Refusal(name, permission, context.Request.Query) is { } refusal ? throw new Refusal(StatusCodes.Status403Forbidden, refusal) : name;
    }
}
