namespace AssetCompute.Client;

/// <summary>Why a rendition failed. An open set: an unknown reason of a newer service is kept unchanged.</summary>
/// <remarks>Source: "Error reasons" of the API page, and the source of Adobe's worker.</remarks>
public readonly record struct RenditionFailureReason
{
    internal RenditionFailureReason(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        Value = value;
    }

    /// <summary>Any other failure; the message has details.</summary>
    public static RenditionFailureReason GenericError { get; } = new("GenericError");

    /// <summary>The source is corrupt or empty.</summary>
    public static RenditionFailureReason SourceCorrupt { get; } = new("SourceCorrupt");

    /// <summary>This source is not supported, although its type is.</summary>
    public static RenditionFailureReason SourceUnsupported { get; } = new("SourceUnsupported");

    /// <summary>The type of the source is not supported. In the source of Adobe's worker, no longer on the API page.</summary>
    public static RenditionFailureReason SourceFormatUnsupported { get; } = new("SourceFormatUnsupported");

    /// <summary>The requested format cannot be created from this source.</summary>
    public static RenditionFailureReason RenditionFormatUnsupported { get; } = new("RenditionFormatUnsupported");

    /// <summary>The rendition is larger than the target's URLs can take: request it again with more of them.</summary>
    public static RenditionFailureReason RenditionTooLarge { get; } = new("RenditionTooLarge");

    /// <summary>The name on the wire.</summary>
    public string Value => field ?? "";

    /// <summary>Creates a value from its name on the wire.</summary>
    /// <param name="value">The name, as the service writes it.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is null or empty.</exception>
    public static implicit operator RenditionFailureReason(string value) => new(value);

    /// <summary>Returns the name on the wire.</summary>
    public override string ToString() => Value;

    internal sealed class Converter() : OpenSetJsonConverter<RenditionFailureReason>(static value => new(value), static value => value.Value);
}
