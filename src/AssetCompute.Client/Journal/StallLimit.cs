namespace AssetCompute.Client.Journal;

/// <summary>Reads a stream, and fails when no data arrives for a while. The time between two reads of the caller does not count.</summary>
internal sealed class StallLimit : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly string _message;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenSource _stalled;
    private readonly ITimer _timer;

    /// <param name="limit">The longest time without data.</param>
    /// <param name="message">The message of the <see cref="TimeoutException"/>.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="cancellationToken">Cancels the reads.</param>
    public StallLimit(TimeSpan limit, string message, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        _limit = limit;
        _message = message;
        _cancellationToken = cancellationToken;
        _stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _timer = timeProvider.CreateTimer(TimerCancellation.Cancel, _stalled, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <exception cref="TimeoutException">No data arrived in time.</exception>
    public async ValueTask<int> ReadAsync(Stream stream, Memory<byte> buffer)
    {
        _timer.Change(_limit, Timeout.InfiniteTimeSpan);
        try
        {
            return await stream.ReadAsync(buffer, _stalled.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!_cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(_message, exception);
        }
        finally
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _stalled.Dispose();
    }
}
