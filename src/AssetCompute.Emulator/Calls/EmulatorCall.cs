namespace AssetCompute.Emulator;

/// <summary>A call that the emulator received. It contains no secrets such as bearer tokens, signatures and client secrets.</summary>
public sealed class EmulatorCall
{
    internal EmulatorCall()
    {
    }

    /// <summary>The number of the call, from 1, in order of arrival.</summary>
    public required long Sequence { get; init; }

    /// <summary>The operation of the call.</summary>
    public required EmulatorOperation Operation { get; init; }

    /// <summary>When the call arrived, by the emulator's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The path and query as received. Signatures and secrets are replaced with <c>***</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The request headers, with case-insensitive names. The bearer token is replaced with <c>***</c>.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The response headers, with case-insensitive names. Empty until <see cref="Status"/> is set.</summary>
    public IReadOnlyDictionary<string, string> ResponseHeaders { get; internal set; } = new Dictionary<string, string>();

    /// <summary>The request id of the response: the id that the caller sent, or a new one.</summary>
    public required string RequestId { get; init; }

    /// <summary>
    /// The status of the response. 0 while the call is in progress, and permanently if the connection was reset or the caller disconnected before a response.
    /// The status is set before the first byte of the response is sent, so a caller that has read the response also sees it here.
    /// </summary>
    public int Status
    {
        get => Volatile.Read(ref field);
        internal set => Volatile.Write(ref field, value);
    }

    /// <summary>The name of the fault that was injected into this call, or <see langword="null"/>.</summary>
    public string? Fault
    {
        get => Volatile.Read(ref field);
        internal set => Volatile.Write(ref field, value);
    }

    /// <summary>The duration of the call up to the last byte of its response; <see langword="null"/> while it is in progress.</summary>
    internal TimeSpan? Duration { get; set; }

    internal CallBody? RequestBody { get; set; }

    internal CallBody? ResponseBody { get; set; }

    internal long BodyBytes => (RequestBody?.Content?.Length ?? 0) + (ResponseBody?.Content?.Length ?? 0);

    /// <summary>Whether either side is resetting the connection, so that no response is sent.</summary>
    internal bool IsReset { get; set; }

    /// <summary>Returns the call in one line.</summary>
    /// <returns>A text such as <c>3 Process POST /process 200</c>.</returns>
    public override string ToString() => $"{Sequence} {Operation} {Method} {Path} {Status}";
}
