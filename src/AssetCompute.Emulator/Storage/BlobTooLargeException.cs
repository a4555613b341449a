namespace AssetCompute.Emulator;

/// <summary>A stream was longer than what is taken from it.</summary>
internal sealed class BlobTooLargeException(long maxBytes) : Exception($"More than {maxBytes} bytes.")
{
    public long MaxBytes => maxBytes;
}
