namespace AssetCompute.Emulator;

/// <summary>A stored blob.</summary>
/// <param name="Name">The name of the blob. It can contain slashes.</param>
/// <param name="ContentType">The content type of the blob; <c>application/octet-stream</c> if it was stored without one.</param>
/// <param name="Content">The bytes.</param>
public sealed record EmulatorBlob(string Name, string ContentType, ReadOnlyMemory<byte> Content);
