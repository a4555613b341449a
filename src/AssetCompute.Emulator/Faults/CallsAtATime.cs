namespace AssetCompute.Emulator;

/// <summary>So many calls at a time. A call that was let through holds a place until its answer begins, or its caller has gone.</summary>
internal sealed class CallsAtATime(int calls) : CallLimit
{
    private int _taken;

    /// <summary>Last, so that only a call that every other limit lets through takes a place.</summary>
    public override int Order => 2;

    public override string Name => "concurrency limit";

    public override string Description => $"{calls} at a time";

    public override bool TryTake(out TimeSpan wait)
    {
        wait = TimeSpan.FromSeconds(1);
        if (Volatile.Read(ref _taken) >= calls)
        {
            return false;
        }

        Interlocked.Increment(ref _taken);
        return true;
    }

    /// <summary>The call is over. Needs no lock.</summary>
    public void Release() => Interlocked.Decrement(ref _taken);
}
