namespace AssetCompute.Emulator;

/// <summary>What happens to a call instead of, or before, its proper answer.</summary>
public sealed record EmulatorFault
{
    /// <summary>A name for the call log and the web page. Default: what the fault does.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The calls that it is for, by the end of their path, such as <c>photo.jpg</c> or <c>/content/dam/a/*</c>; <c>*</c> matches any characters. Default: all calls.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>The HTTP status that is answered instead of the proper one. <see langword="null"/> (the default) lets the call through.</summary>
    public int? Status { get; init; }

    /// <summary>What the <c>Retry-After</c> header says, in whole seconds (rounded up). Default: no header.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether <c>Retry-After</c> is a date, which is <see cref="RetryAfter"/> from now by the emulator's clock, instead of seconds. Default: no.</summary>
    public bool RetryAfterAsDate { get; init; }

    /// <summary>Further headers of the answer; they overrule <see cref="RetryAfter"/>. Default: none.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The body that goes with <see cref="Status"/>. Default: empty.</summary>
    public string? Body { get; init; }

    /// <summary>The body's content type. Default: JSON when the body begins as JSON does, else plain text.</summary>
    public string? ContentType { get; init; }

    /// <summary>How long the call is held, by the emulator's clock, before anything else happens: at most 49 days. Default: not at all.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>What happens to the connection. Default: nothing.</summary>
    public EmulatorFaultConnection Connection { get; init; }

    /// <summary>A status instead of the proper answer.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="retryAfter">What <c>Retry-After</c> says, in whole seconds.</param>
    /// <param name="body">The body.</param>
    /// <returns>The fault.</returns>
    public static EmulatorFault Answer(int status, TimeSpan? retryAfter = null, string? body = null) =>
        new() { Status = status, RetryAfter = retryAfter, Body = body };

    /// <summary>The proper answer, late.</summary>
    /// <param name="delay">How long the call is held.</param>
    /// <returns>The fault.</returns>
    public static EmulatorFault Late(TimeSpan delay) => new() { Delay = delay };

    /// <summary>A connection reset before the call has any effect.</summary>
    /// <returns>The fault.</returns>
    public static EmulatorFault Reset() => new() { Connection = EmulatorFaultConnection.ResetBeforeHeaders };

    /// <summary>The headers of the proper answer, and then the end of the connection; a reset after the effect where the answer has no body.</summary>
    /// <returns>The fault.</returns>
    public static EmulatorFault HeadersOnly() => new() { Connection = EmulatorFaultConnection.CloseAfterHeaders };

    /// <summary>The proper answer, cut off in the middle of its body; a reset after the effect where the answer has no body.</summary>
    /// <returns>The fault.</returns>
    public static EmulatorFault Truncate() => new() { Connection = EmulatorFaultConnection.TruncateBody };

    internal string Place => Path is null ? "" : $" {Path}";

    internal string Title => Name ?? (Status, Connection, Delay) switch
    {
        ({ } status, _, _) => $"status {status}",
        (_, EmulatorFaultConnection.Keep, _) => $"late by {Delay.TotalSeconds:0.###} s",
        _ => Connection.ToString(),
    };
}
