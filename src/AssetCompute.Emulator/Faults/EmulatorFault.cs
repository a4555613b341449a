namespace AssetCompute.Emulator;

/// <summary>What happens to a call before, or in place of, its normal response.</summary>
public sealed record EmulatorFault
{
    /// <summary>A name for the call log and the web page. Default: a description of the fault.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// The calls that the fault applies to, by the end of their path, such as <c>photo.jpg</c> or <c>/content/dam/a/*</c>. <c>*</c> matches any
    /// characters. Default: all calls.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>The HTTP status to return in place of the normal one. <see langword="null"/> (the default) lets the call through.</summary>
    public int? Status { get; init; }

    /// <summary>The value of the <c>Retry-After</c> header, in whole seconds (rounded up). Default: no header.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether <c>Retry-After</c> is a date instead of seconds: now, by the emulator's clock, plus <see cref="RetryAfter"/>. Default: no.</summary>
    public bool RetryAfterAsDate { get; init; }

    /// <summary>Additional headers of the response. They override <see cref="RetryAfter"/>. Default: none.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The response body that is sent with <see cref="Status"/>. Default: empty.</summary>
    public string? Body { get; init; }

    /// <summary>The content type of the body. Default: JSON if the body looks like JSON, otherwise plain text.</summary>
    public string? ContentType { get; init; }

    /// <summary>How long to delay the call, by the emulator's clock, before anything else happens. The maximum is 49 days. Default: no delay.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>What happens to the connection. Default: nothing.</summary>
    public EmulatorFaultConnection Connection { get; init; }

    /// <summary>Returns a status in place of the normal response.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="retryAfter">The value of <c>Retry-After</c>, in whole seconds.</param>
    /// <param name="body">The body.</param>
    /// <returns>The fault.</returns>
    public static EmulatorFault Answer(int status, TimeSpan? retryAfter = null, string? body = null) =>
        new() { Status = status, RetryAfter = retryAfter, Body = body };

    /// <summary>Delays the normal response.</summary>
    /// <param name="delay">How long to delay the call.</param>
    /// <returns>The fault.</returns>
    public static EmulatorFault Late(TimeSpan delay) => new() { Delay = delay };

    /// <summary>Resets the connection before the call has any effect.</summary>
    /// <returns>The fault.</returns>
    public static EmulatorFault Reset() => new() { Connection = EmulatorFaultConnection.ResetBeforeHeaders };

    /// <summary>
    /// Sends the headers of the normal response, then closes the connection. If the response has no body, resets the connection after the call has
    /// taken effect.
    /// </summary>
    /// <returns>The fault.</returns>
    public static EmulatorFault HeadersOnly() => new() { Connection = EmulatorFaultConnection.CloseAfterHeaders };

    /// <summary>
    /// Cuts the normal response off in the middle of its body. If the response has no body, resets the connection after the call has taken effect.
    /// </summary>
    /// <returns>The fault.</returns>
    public static EmulatorFault Truncate() => new() { Connection = EmulatorFaultConnection.TruncateBody };

    /// <summary>A timer supports no longer delay.</summary>
    internal void CheckDelay()
    {
        if (Delay < TimeSpan.Zero || Delay > TimeSpan.FromDays(49))
        {
            throw new ArgumentOutOfRangeException("fault", Delay, "A delay is within 0 and 49 days.");
        }
    }

    internal string Place => Path is null ? "" : $" {Path}";

    internal string Title => Name ?? (Status, Connection, Delay) switch
    {
        ({ } status, _, _) => $"status {status}",
        (_, EmulatorFaultConnection.Keep, _) => $"late by {Delay.TotalSeconds:0.###} s",
        _ => Connection.ToString(),
    };
}
