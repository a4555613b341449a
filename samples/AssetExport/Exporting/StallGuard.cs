namespace AssetExport;

/// <summary>Ends a transfer in which nothing moves. A server that falls silent and keeps the connection would hold its place forever.</summary>
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

    /// <summary>Starts the time again, since bytes have arrived.</summary>
    public void Moved() => _stalled.CancelAfter(_longest);

    /// <summary>Runs the transfer.</summary>
    /// <exception cref="IOException">Nothing moved for too long.</exception>
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
