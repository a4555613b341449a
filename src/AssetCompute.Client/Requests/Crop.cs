using System.Text.Json.Serialization;

namespace AssetCompute.Client;

/// <summary>The part of the source that a rendition shows, in pixels of the source. Cropping takes place before resizing.</summary>
/// <remarks>Source: "Opt-in to post-processing" of the API page.</remarks>
public sealed record Crop : ExtensibleModel
{
    /// <summary>The distance from the left edge of the source, in pixels; 0 or more. Default: 0.</summary>
    [JsonPropertyName("x")]
    public int X { get; init; }

    /// <summary>The distance from the top edge of the source, in pixels; 0 or more. Default: 0.</summary>
    [JsonPropertyName("y")]
    public int Y { get; init; }

    /// <summary>The width of the part, in pixels; greater than 0.</summary>
    [JsonPropertyName("w")]
    public required int Width { get; init; }

    /// <summary>The height of the part, in pixels; greater than 0.</summary>
    [JsonPropertyName("h")]
    public required int Height { get; init; }

    private protected override string Describe() => FormattableString.Invariant($"{nameof(Crop)} {{ X = {X}, Y = {Y}, Width = {Width}, Height = {Height} }}");
}
