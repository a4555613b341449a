namespace AssetCompute.Emulator;

/// <summary>A limit of an operation's calls. Used under the lock of <see cref="EmulatorFaults"/>.</summary>
internal abstract class CallLimit
{
    /// <summary>The place among the limits of an operation, which has one of each kind.</summary>
    public abstract int Order { get; }

    /// <summary>A name for the call log.</summary>
    public abstract string Name { get; }

    /// <summary>The limit in words, for lists of faults.</summary>
    public abstract string Description { get; }

    /// <summary>What <c>Retry-After</c> says; null for the time until the next call is possible.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool SendsRetryAfter { get; init; } = true;

    /// <summary>Lets a call through, or says when the next one is possible: in 1 second at least.</summary>
    public abstract bool TryTake(out TimeSpan wait);

    /// <summary>The documentation's 429 has no body; the gateway's own, as Adobe's client tests it, is JSON.</summary>
    public EmulatorFault Refusal(TimeSpan wait, WireSpelling spelling) => new()
    {
        Name = Name,
        Status = 429,
        RetryAfter = SendsRetryAfter ? RetryAfter ?? wait : null,
        Body = spelling == WireSpelling.Code ? """{"ok":false,"error_code":"429050","message":"Too many requests"}""" : null,
    };
}
