using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>The <c>metadata</c> of a finished rendition.</summary>
internal static class RenditionMetadata
{
    public static async Task<JsonObject> ReadAsync(RenditionContent content, WireSpelling spelling, CancellationToken cancellationToken)
    {
        var metadata = new JsonObject
        {
            ["repo:size"] = content.Length,
            ["repo:sha1"] = content.Length > 0 ? await content.Sha1Async(cancellationToken).ConfigureAwait(false) : null,
            ["dc:format"] = content.MediaType,
        };
        if (content.Charset is { } charset)
        {
            metadata["repo:encoding"] = charset;
        }

        if (await content.ReadHeaderAsync(cancellationToken).ConfigureAwait(false) is { Width: > 0, Height: > 0 } header)
        {
            var documented = spelling == WireSpelling.Documentation;
            metadata[documented ? "tiff:ImageWidth" : "tiff:imageWidth"] = header.Width;
            metadata[documented ? "tiff:ImageLength" : "tiff:imageHeight"] = header.Height;
        }

        return metadata;
    }
}
