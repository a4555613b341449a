namespace AssetCompute.Emulator;

/// <summary>A stream is longer than the limit.</summary>
internal sealed class BlobTooLargeException(long maxBytes) : ArgumentException($"The content is longer than {maxBytes} bytes.");
