using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>The parsed content of a rendition's event. The event of a custom worker may differ from Adobe's format. Missing values are null.</summary>
internal sealed record RenditionOutcome
{
    public string? MediaType { get; private init; }

    public long? Size { get; private init; }

    public int? Width { get; private init; }

    public int? Height { get; private init; }

    public string? Sha1 { get; private init; }

    /// <summary>The <c>errorReason</c> of a failed rendition.</summary>
    public string? Reason { get; private init; }

    /// <summary>The <c>errorMessage</c> of a failed rendition.</summary>
    public string? Message { get; private init; }

    public static RenditionOutcome Of(byte[] json)
    {
        var @event = JsonNode.Parse(json)!.AsObject();
        var metadata = @event["metadata"] as JsonObject;
        return new()
        {
            MediaType = metadata?["dc:format"].StringOf(),
            Size = (long?)metadata?["repo:size"].NumberOf(),
            Width = (int?)(metadata?["tiff:imageWidth"] ?? metadata?["tiff:ImageWidth"]).NumberOf(),
            Height = (int?)(metadata?["tiff:imageHeight"] ?? metadata?["tiff:ImageLength"]).NumberOf(),
            Sha1 = metadata?["repo:sha1"].StringOf(),
            Reason = @event["errorReason"].StringOf(),
            Message = @event["errorMessage"].StringOf(),
        };
    }
}
