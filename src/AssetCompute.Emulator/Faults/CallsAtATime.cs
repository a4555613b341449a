namespace AssetCompute.Emulator;

/// <summary>Limits the number of concurrent calls. A call occupies a slot until its response starts or its caller disconnects.</summary>
internal sealed class CallsAtATime(int calls) : CallLimit
{
    private int _taken;

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

    /// <summary>Releases the slot of a call. Needs no lock.</summary>
    public void Release() => Interlocked.Decrement(ref _taken);
}
