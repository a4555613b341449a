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

    /// <summary>The error on AEM's side; null if there was none. It counts even if the receiver of the bytes handles it.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Restarts the timer, because bytes have arrived.</summary>
    public void Moved() => _stalled.CancelAfter(_longest);

    /// <exception cref="IOException">AEM failed, or there was no progress for too long.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> transfer)
    {
        try
        {
            T result = await transfer(_ended.Token);
            return Failure is null ? result : throw Failure;
        }
        catch (Exception exception) when (Failure is not null || _stalled.IsCancellationRequested)
        {
            throw Failure is null ? new IOException($"The transfer made no progress for {_longest}, so it was stopped.", exception) : new IOException(Failure.Message, Failure);
        }
    }

    public void Dispose()
    {
        _ended.Dispose();
        _stalled.Dispose();
    }
}
