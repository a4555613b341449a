namespace AssetCompute.Emulator;

/// <summary>A blob opened for reading.</summary>
internal sealed record BlobHandle(string ContentType, long Length, Stream Content) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
