namespace AssetCompute.Emulator;

/// <summary>A source, fetched into the job's folder.</summary>
/// <param name="Path">Where it lies; the emulator's own name for it, never one from a request.</param>
/// <param name="MediaType">What it claims to be.</param>
/// <param name="Header">What it is, when it is a picture or a PDF.</param>
internal sealed record SourceFile(string Path, string MediaType, ImageHeader? Header);
