namespace AssetExport;

/// <summary>Watches a transfer: where nothing has moved for too long, it ends it. A server that falls silent, and keeps the connection, would hold its place for ever.</summary>
internal sealed class StallGuard : IDisposable
{
    private readonly TimeSpan _longest;
    private readonly CancellationTokenSource _ended;
    private readonly ITimer _timer;
    private volatile bool _isStalled;

    public StallGuard(TimeSpan longest, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        _longest = longest;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Ended = _ended.Token;
        _timer = timeProvider.CreateTimer(static state => ((StallGuard)state!).End(), this, longest, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when nothing has moved for too long, or the work must end for another reason.</summary>
    public CancellationToken Ended { get; }

    /// <summary>Bytes have come, so the time begins anew.</summary>
    public void Moved() => _timer.Change(_longest, Timeout.InfiniteTimeSpan);

    /// <summary>Runs the transfer.</summary>
    /// <exception cref="IOException">Nothing has moved for too long.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> transfer)
    {
        try
        {
            return await transfer(Ended);
        }
        catch (Exception exception) when (_isStalled)
        {
            throw new IOException($"Nothing has moved for {_longest}, so the transfer was ended.", exception);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _ended.Dispose();
    }

    private void End()
    {
        try
        {
            _isStalled = true;
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The transfer ended at the same moment.
        }
    }
}
