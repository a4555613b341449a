namespace AssetCompute.Emulator;

/// <summary>Blobs read one after the other, up to the first that is missing.</summary>
internal sealed class JoinedParts(IBlobStore store, IReadOnlyList<string> names) : Stream
{
    private BlobHandle? _open = names.Count == 0 ? null : store.Open(names[0]);
    private int _next = 1;
    private long _position;

    /// <summary>The content type of the first part; <see langword="null"/> when there is none.</summary>
    public string? ContentType => _open?.ContentType;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_open is { } part)
        {
            var read = await part.Content.ReadAsync(buffer, cancellationToken);
            if (read > 0)
            {
                _position += read;
                return read;
            }

            await part.DisposeAsync();
            _open = _next < names.Count ? store.Open(names[_next++]) : null;
        }

        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        if (_open is { } part)
        {
            await part.DisposeAsync();
        }

        await base.DisposeAsync();
    }
}
