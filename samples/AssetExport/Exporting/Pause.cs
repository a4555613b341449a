namespace AssetExport;

/// <summary>Leaves a destination alone for as long as it asks.</summary>
internal sealed class Pause(TimeProvider timeProvider)
{
    private long _until;

    /// <summary>From now on for a time; a longer pause that goes on already stays.</summary>
    public void For(TimeSpan duration)
    {
        long until = (timeProvider.GetUtcNow() + duration).UtcTicks;
        long known = Volatile.Read(ref _until);
        while (until > known && Interlocked.CompareExchange(ref _until, until, known) is var seen && seen != known)
        {
            known = seen;
        }
    }

    /// <summary>Returns when the pause is over.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _until) - timeProvider.GetUtcNow().UtcTicks is > 0 and var left)
        {
            // Delays are counted in whole milliseconds: a rest of one would not be waited for.
            await Task.Delay(TimeSpan.FromTicks(left) + TimeSpan.FromMilliseconds(1), timeProvider, cancellationToken);
        }
    }
}
