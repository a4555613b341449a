namespace AssetCompute.Emulator;

/// <summary>A source that was fetched into the folder of a job.</summary>
/// <param name="Path">The path of the file. The emulator chooses its name, never a request.</param>
/// <param name="MediaType">The declared media type.</param>
/// <param name="Header">The detected header, if the file is an image or a PDF.</param>
internal sealed record SourceFile(string Path, string MediaType, ImageHeader? Header);
