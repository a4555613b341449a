namespace AssetCompute.Emulator.Rendering;

/// <summary>The validated instructions of an image rendition. Lengths are in pixels, resolutions in dots per inch.</summary>
internal sealed record ImageInstructions
{
    public required string Format { get; init; }

    public double? Width { get; init; }

    public double? Height { get; init; }

    public double? MaxWidth { get; init; }

    public double? MaxHeight { get; init; }

    public double? Quality { get; init; }

    public bool Interlace { get; init; }

    /// <summary>The maximum size of a JPEG in bytes.</summary>
    public double? JpegSize { get; init; }

    public double? CompressionLevel { get; init; }

    public Resolution? Dpi { get; init; }

    public Resolution? ConvertToDpi { get; init; }

    public CropArea? Crop { get; init; }

    /// <summary>The color that replaces transparency, such as <c>#00f</c>.</summary>
    public string? Background { get; init; }

    public double WatermarkScale { get; init; } = 1;
}
