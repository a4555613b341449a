namespace AssetCompute.Emulator;

/// <summary>A limit of an operation's calls. Used under the lock of <see cref="EmulatorFaults"/>.</summary>
internal abstract class CallLimit
{
    /// <summary>A name for the call log.</summary>
    public abstract string Name { get; }

    /// <summary>The limit in words, for lists of faults.</summary>
    public abstract string Description { get; }

    /// <summary>What <c>Retry-After</c> says; null for the time until the next call is possible.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool SendsRetryAfter { get; init; } = true;

    /// <summary>Lets a call through, or says when the next one is possible: in 1 second at least.</summary>
    public abstract bool TryTake(out TimeSpan wait);
}
