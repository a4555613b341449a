namespace AssetCompute.Emulator;

/// <summary>A stream is longer than the limit.</summary>
internal sealed class BlobTooLargeException() : Exception("There are more bytes than are taken.");
