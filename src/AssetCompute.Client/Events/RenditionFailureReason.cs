namespace AssetCompute.Client;

/// <summary>
/// Why a rendition failed. An open set: what a newer service says is kept as it is.
/// </summary>
/// <remarks>Source: "Error reasons" of the API page, and the source of Adobe's worker.</remarks>
public readonly record struct RenditionFailureReason
{
    internal RenditionFailureReason(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        Value = value;
    }

    /// <summary>Any other failure; the message says more.</summary>
    public static RenditionFailureReason GenericError { get; } = new("GenericError");

    /// <summary>The source is broken or empty.</summary>
    public static RenditionFailureReason SourceCorrupt { get; } = new("SourceCorrupt");

    /// <summary>This source cannot be used, although its type can.</summary>
    public static RenditionFailureReason SourceUnsupported { get; } = new("SourceUnsupported");

    /// <summary>The type of the source cannot be used. In the source of Adobe's worker, no longer on the API page.</summary>
    public static RenditionFailureReason SourceFormatUnsupported { get; } = new("SourceFormatUnsupported");

    /// <summary>The wanted format cannot be made of this source.</summary>
    public static RenditionFailureReason RenditionFormatUnsupported { get; } = new("RenditionFormatUnsupported");

    /// <summary>The rendition is larger than the target's URLs can take: ask again with more of them.</summary>
    public static RenditionFailureReason RenditionTooLarge { get; } = new("RenditionTooLarge");

    /// <summary>The name on the wire.</summary>
    public string Value => field ?? "";

    /// <summary>A value by its name on the wire.</summary>
    /// <param name="value">The name, as the service writes it.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is null or empty.</exception>
    public static implicit operator RenditionFailureReason(string value) => new(value);

    /// <summary>The name on the wire.</summary>
    public override string ToString() => Value;

    internal sealed class Converter() : OpenSetJsonConverter<RenditionFailureReason>(static value => new(value), static value => value.Value)
    {
        public override bool HandleNull => true;

        protected override RenditionFailureReason Missing() => default;
    }
}
