namespace AssetCompute.Emulator;

/// <summary>Limits the number of concurrent calls. A call occupies a slot until its response starts or its caller disconnects.</summary>
internal sealed class CallsAtATime(int calls, TimeSpan? retryAfter, bool sendsRetryAfter) : CallLimit("concurrency limit", $"{calls} at a time", retryAfter, sendsRetryAfter)
{
    private int _taken;

    public override TimeSpan? Take()
    {
        if (Volatile.Read(ref _taken) >= calls)
        {
            return TimeSpan.FromSeconds(1);
        }

        Interlocked.Increment(ref _taken);
        return null;
    }

    /// <summary>Releases the slot of a call. Needs no lock.</summary>
    public void Release() => Interlocked.Decrement(ref _taken);
}
