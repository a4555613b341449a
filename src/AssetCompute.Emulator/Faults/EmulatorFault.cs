using System.Text.Json.Serialization;

namespace AssetCompute.Emulator;

/// <summary>What happens to a call before, or in place of, its normal response.</summary>
public sealed record EmulatorFault : PlannedFault
{
    /// <summary>A name for the call log and the web page. Default: a description of the fault.</summary>
    public string? Name { get; init; }

    /// <summary>The end of the path of the calls that fail, such as <c>photo.jpg</c> or <c>/content/dam/a/*</c>; <c>*</c> matches any characters. Default: all calls.</summary>
    public string? Path { get; init; }

    /// <summary>The HTTP status to return in place of the normal one. <see langword="null"/> (the default) lets the call through.</summary>
    public int? Status { get; init; }

    /// <summary>The value of the <c>Retry-After</c> header, in whole seconds (rounded up). Default: no header.</summary>
    [JsonPropertyName("retryAfterSeconds"), JsonConverter(typeof(SecondsConverter))]
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
    [JsonPropertyName("delayMilliseconds"), JsonConverter(typeof(SecondsConverter.OfMilliseconds))]
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

    /// <summary>Sends only the headers of the normal response. If it has no body, resets the connection after the call has taken effect.</summary>
    /// <returns>The fault.</returns>
    public static EmulatorFault HeadersOnly() => new() { Connection = EmulatorFaultConnection.CloseAfterHeaders };

    /// <summary>Cuts the normal response off in the middle of its body. If it has no body, resets the connection after the call has taken effect.</summary>
    /// <returns>The fault.</returns>
    public static EmulatorFault Truncate() => new() { Connection = EmulatorFaultConnection.TruncateBody };

    [JsonInclude, JsonRequired]
    internal EmulatorOperation Operation { get; init; }

    internal override string Subject => Path is null ? $"{Operation}" : $"{Operation} {Path}";

    internal override string Title => Name ?? (Status, Connection, Delay) switch
    {
        ({ } status, _, _) => $"status {status}",
        (_, EmulatorFaultConnection.Keep, _) => $"late by {Delay.TotalSeconds:0.###} s",
        _ => Connection.ToString(),
    };

    internal bool IsFor(EmulatorOperation operation, string path) => operation == Operation && (Path is null || FaultPattern.Matches(Path, path));

    internal override void Check()
    {
        base.Check();

        // A timer supports no longer delay.
        if (Delay < TimeSpan.Zero || Delay > TimeSpan.FromDays(49))
        {
            throw new ArgumentOutOfRangeException("delay", Delay, "A delay is within 0 and 49 days.");
        }
    }
}
