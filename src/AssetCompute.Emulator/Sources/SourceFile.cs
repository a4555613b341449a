namespace AssetCompute.Emulator;

/// <summary>A source that was fetched into the folder of a job.</summary>
/// <param name="Path">The path of the file. The emulator chooses its name, never a request.</param>
/// <param name="DeclaredType">The declared media type.</param>
/// <param name="Format">The detected format, if the file is an image or a PDF.</param>
internal sealed record SourceFile(string Path, string DeclaredType, ImageFormat? Format)
{
    /// <summary>The media type: the detected one if there is one. Without parameters.</summary>
    public string MediaType => Format?.MediaType ?? MediaTypes.Essence(DeclaredType);
}
