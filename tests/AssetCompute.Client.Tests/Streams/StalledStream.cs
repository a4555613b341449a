namespace AssetCompute.Client.Tests.Streams;

/// <summary>A body that starts, and then stalls.</summary>
internal sealed class StalledStream(byte[] beginning) : TestStream
{
    private int _at;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        if (_at == beginning.Length)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        int count = Math.Min(buffer.Length, beginning.Length - _at);
        beginning.AsSpan(_at, count).CopyTo(buffer.Span);
        _at += count;
        return count;
    }
}
