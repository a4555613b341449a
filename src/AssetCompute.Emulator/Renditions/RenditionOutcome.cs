using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>The parsed content of a rendition's event. The event of a custom worker may differ from Adobe's format. Missing values are null.</summary>
internal sealed record RenditionOutcome(string? MediaType, long? Size, int? Width, int? Height, string? Sha1, string? Reason, string? Message)
{
    public static RenditionOutcome Of(byte[] json)
    {
        var @event = JsonNode.Parse(json)!.AsObject();
        var metadata = @event["metadata"] as JsonObject;
        return new(
            metadata?["dc:format"].StringOf(),
            (long?)metadata?["repo:size"].NumberOf(),
            (int?)(metadata?["tiff:imageWidth"] ?? metadata?["tiff:ImageWidth"]).NumberOf(),
            (int?)(metadata?["tiff:imageHeight"] ?? metadata?["tiff:ImageLength"]).NumberOf(),
            metadata?["repo:sha1"].StringOf(),
            @event["errorReason"].StringOf(),
            @event["errorMessage"].StringOf());
    }
}
