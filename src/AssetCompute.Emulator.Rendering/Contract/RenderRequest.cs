namespace AssetCompute.Emulator.Rendering;

/// <summary>What the emulator asks of a render worker: one line of JSON.</summary>
internal sealed record RenderRequest
{
    /// <summary>The file to read.</summary>
    public required string Input { get; init; }

    /// <summary>The format of the input, by ImageMagick's name; of a <c>pdf</c>, the first page is rendered.</summary>
    public required string InputFormat { get; init; }

    /// <summary>The file to write.</summary>
    public required string Output { get; init; }

    /// <summary>Whether the reply says what is embedded in the input; nothing is written then.</summary>
    public bool IsForMetadata { get; init; }

    /// <summary>How to render the input as an image; <see langword="null"/> asks for its text.</summary>
    public ImageInstructions? Image { get; init; }

    /// <summary>The file that is drawn over the image.</summary>
    public string? Watermark { get; init; }

    /// <summary>The format of the watermark, by ImageMagick's name.</summary>
    public string? WatermarkFormat { get; init; }
}
