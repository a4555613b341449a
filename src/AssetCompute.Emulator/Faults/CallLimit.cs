namespace AssetCompute.Emulator;

/// <summary>A limit on the calls of an operation. Used under the lock of <see cref="EmulatorFaults"/>.</summary>
internal abstract class CallLimit
{
    /// <summary>A name for the call log.</summary>
    public abstract string Name { get; }

    /// <summary>A description of the limit for lists of faults.</summary>
    public abstract string Description { get; }

    /// <summary>The value of <c>Retry-After</c>; null for the time until the next call is allowed.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public bool SendsRetryAfter { get; init; } = true;

    /// <summary>Lets a call through, or returns the time until the next call is allowed: at least 1 second.</summary>
    public abstract bool TryTake(out TimeSpan wait);

    /// <summary>The documented 429 has no body. The gateway's 429 has a JSON body, as the tests of Adobe's client show.</summary>
    public EmulatorFault Refusal(TimeSpan wait, WireSpelling spelling) => new()
    {
        Name = Name,
        Status = 429,
        RetryAfter = SendsRetryAfter ? RetryAfter ?? wait : null,
        Body = spelling == WireSpelling.Code ? """{"ok":false,"error_code":"429050","message":"Too many requests"}""" : null,
    };
}
