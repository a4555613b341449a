namespace AssetCompute.Emulator.Rendering;

/// <summary>A request from the emulator to a render worker, as one line of JSON.</summary>
internal sealed record RenderRequest
{
    /// <summary>The file to read.</summary>
    public required string Input { get; init; }

    /// <summary>The format of the input, by ImageMagick's name. For <c>pdf</c>, the first page is rendered.</summary>
    public required string InputFormat { get; init; }

    /// <summary>The file to write.</summary>
    public required string Output { get; init; }

    /// <summary>Whether the reply contains the size of the input and the metadata embedded in it. Nothing is written in this case.</summary>
    public bool IsForMetadata { get; init; }

    /// <summary>The instructions to render the input as an image; <see langword="null"/> to extract its text.</summary>
    public ImageInstructions? Image { get; init; }

    /// <summary>The file to draw over the image.</summary>
    public string? Watermark { get; init; }

    /// <summary>The format of the watermark, by ImageMagick's name.</summary>
    public string? WatermarkFormat { get; init; }
}
