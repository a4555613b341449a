namespace AssetCompute.Emulator;

/// <summary>A limit on the calls of an operation. Used under the lock of <see cref="EmulatorFaults"/>.</summary>
/// <param name="name">A name for the call log.</param>
/// <param name="description">A description of the limit for lists of faults.</param>
/// <param name="retryAfter">The value of <c>Retry-After</c>; null for the time until the next call is allowed.</param>
/// <param name="sendsRetryAfter">Whether a refusal has the header.</param>
internal abstract class CallLimit(string name, string description, TimeSpan? retryAfter, bool sendsRetryAfter)
{
    public string Description => description;

    /// <summary>Lets a call through, or returns the time until the next call is allowed: at least 1 second.</summary>
    public abstract TimeSpan? Take();

    /// <summary>The documented 429 has no body. The gateway's 429 has a JSON body, as the tests of Adobe's client show.</summary>
    public EmulatorFault Refusal(TimeSpan wait, WireSpelling spelling) => new()
    {
        Name = name,
        Status = 429,
        RetryAfter = sendsRetryAfter ? retryAfter ?? wait : null,
        Body = spelling == WireSpelling.Code ? """{"ok":false,"error_code":"429050","message":"Too many requests"}""" : null,
    };
}
