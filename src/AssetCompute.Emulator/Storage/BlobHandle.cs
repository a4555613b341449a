namespace AssetCompute.Emulator;

/// <summary>A blob opened for reading.</summary>
internal sealed record BlobHandle(string ContentType, long Length, Stream Content) : IDisposable
{
    public void Dispose() => Content.Dispose();
}
