namespace AssetCompute.Emulator;

/// <summary>A blob as it was stored.</summary>
/// <param name="Name">The blob's name, which may hold slashes.</param>
/// <param name="ContentType">The content type it was stored with; <c>application/octet-stream</c> when it was stored without one.</param>
/// <param name="Content">The bytes.</param>
public sealed record EmulatorBlob(string Name, string ContentType, ReadOnlyMemory<byte> Content);
