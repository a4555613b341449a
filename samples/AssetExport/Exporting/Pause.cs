using System.Threading.Channels;

namespace AssetExport;

/// <summary>How long this instance leaves a destination alone, and the signal that wakes its loop.</summary>
internal sealed class Pause(TimeProvider timeProvider)
{
    private readonly Channel<bool> _woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _until;

    /// <summary>The time left of the pause; zero or less if there is none.</summary>
    public TimeSpan Left => TimeSpan.FromTicks(Volatile.Read(ref _until) - timeProvider.GetUtcNow().Ticks);

    /// <summary>Starts a pause. A current pause that ends later stays, unless both start at the same moment.</summary>
    public void For(TimeSpan duration) => Interlocked.Exchange(ref _until, Math.Max(Volatile.Read(ref _until), (timeProvider.GetUtcNow() + duration).Ticks));

    public void Lift()
    {
        Interlocked.Exchange(ref _until, 0);
        Wake();
    }

    /// <summary>Ends the current wait, or the next one.</summary>
    public void Wake() => _woken.Writer.TryWrite(true);

    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        // Delays are rounded down to whole milliseconds, so one is added.
        using CancellationTokenSource limit = new(longest + TimeSpan.FromMilliseconds(1), timeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await ((Task)_woken.Reader.ReadAsync(either.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
