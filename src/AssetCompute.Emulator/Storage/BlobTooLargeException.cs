namespace AssetCompute.Emulator;

/// <summary>A stream was longer than what is taken from it.</summary>
internal sealed class BlobTooLargeException() : Exception("There are more bytes than are taken.");
