namespace AssetExport;

/// <summary>Ends a transfer without progress. A server that stops responding but keeps the connection would otherwise occupy its slot forever.</summary>
internal sealed class StallGuard : IDisposable
{
    private readonly TimeSpan _longest;
    private readonly CancellationTokenSource _stalled;
    private readonly CancellationTokenSource _ended;

    public StallGuard(TimeSpan longest, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        _longest = longest;
        _stalled = new CancellationTokenSource(longest, timeProvider);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(_stalled.Token, cancellationToken);
    }

    /// <summary>Restarts the timer, because bytes have arrived.</summary>
    public void Moved() => _stalled.CancelAfter(_longest);

    /// <summary>Runs the transfer.</summary>
    /// <exception cref="IOException">There was no progress for too long.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> transfer)
    {
        try
        {
            return await transfer(_ended.Token);
        }
        catch (Exception exception) when (_stalled.IsCancellationRequested)
        {
            throw new IOException($"Nothing has moved for {_longest}, so the transfer was ended.", exception);
        }
    }

    public void Dispose()
    {
        _ended.Dispose();
        _stalled.Dispose();
    }
}
