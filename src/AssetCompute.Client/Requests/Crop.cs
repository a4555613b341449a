using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>
/// The part of the source that a rendition shows, in pixels of the source, taken before it is resized.
/// </summary>
/// <remarks>Source: "Opt-in to post-processing" of the API page.</remarks>
[JsonConverter(typeof(CropJsonConverter))]
public sealed record Crop
{
    /// <summary>Pixels from the left edge of the source; 0 or more. Default: 0.</summary>
    public int X { get; init; }

    /// <summary>Pixels from the top edge of the source; 0 or more. Default: 0.</summary>
    public int Y { get; init; }

    /// <summary>The width of the part in pixels; over 0.</summary>
    public required int Width { get; init; }

    /// <summary>The height of the part in pixels; over 0.</summary>
    public required int Height { get; init; }

    /// <summary>Every other field, as it is on the wire. Default: none.</summary>
    public JsonObject? CustomFields { get; init; }

    /// <summary>A text for logs: the part of the source, without other fields.</summary>
    public override string ToString() => FormattableString.Invariant($"{nameof(Crop)} {{ X = {X}, Y = {Y}, Width = {Width}, Height = {Height} }}");
}
