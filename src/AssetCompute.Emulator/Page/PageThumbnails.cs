using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>Renditions as pictures on the page: those that lie in the emulator's own storage, or in their event.</summary>
internal sealed class PageThumbnails(EmulatorParts parts, IBlobStore blobs)
{
    public static bool IsShown(string? mediaType) => mediaType is "image/png" or "image/jpeg" or "image/gif" or "image/webp";

    public async Task WriteAsync(HttpContext context)
    {
        var isKnown = Guid.TryParseExact(context.Request.RouteValues["job"] as string, "N", out var id);
        var job = isKnown ? parts.Jobs.Newest.FirstOrDefault(job => job.Id == id) : null;
        var rendition = job?.Renditions.FirstOrDefault(rendition => $"{rendition.Index}" == context.Request.RouteValues["index"] as string);
        if (rendition?.Event is null || await PictureAsync(rendition, context.RequestAborted) is not var (mediaType, content) || !IsShown(mediaType))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await context.WriteBytesAsync(StatusCodes.Status200OK, mediaType, content);
    }

    private async Task<(string MediaType, byte[] Content)?> PictureAsync(RenditionTask rendition, CancellationToken cancellationToken)
    {
        if (JsonNode.Parse(rendition.Event)?["data"].StringOf() is { } data && DataUri.Parse(data) is { } embedded)
        {
            return (embedded.MediaType, embedded.Content);
        }

        var url = rendition.Target is JsonObject target && target["urls"] is JsonArray { Count: 1 } urls ? urls[0] : rendition.Target;
        if (!Uri.TryCreate(url.StringOf(), UriKind.Absolute, out var blobUrl)
            || !blobUrl.AbsolutePath.StartsWith(EmulatorStorage.Path, StringComparison.Ordinal)
            || blobs.Open(Uri.UnescapeDataString(blobUrl.AbsolutePath[EmulatorStorage.Path.Length..])) is not { } blob)
        {
            return null;
        }

        await using (blob)
        {
            var content = new byte[blob.Length];
            await blob.Content.ReadExactlyAsync(content, cancellationToken);
            return (blob.ContentType, content);
        }
    }
}
