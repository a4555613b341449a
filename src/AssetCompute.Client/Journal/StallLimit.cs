namespace AssetCompute.Client.Journal;

/// <summary>Reads a stream, and fails when no data arrives for a while. The time between two reads of the caller does not count.</summary>
/// <param name="limit">The longest time without data.</param>
/// <param name="message">The message of the <see cref="TimeoutException"/>.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class StallLimit(TimeSpan limit, string message, TimeProvider timeProvider)
{
    /// <exception cref="TimeoutException">No data arrived in time.</exception>
    public async ValueTask<int> ReadAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stalled = timeProvider.CreateCancellationTokenSource(limit);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stalled.Token, cancellationToken);
        try
        {
            return await stream.ReadAsync(buffer, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(message, exception);
        }
    }
}
