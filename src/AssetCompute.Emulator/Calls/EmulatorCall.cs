namespace AssetCompute.Emulator;

/// <summary>A call that the emulator received. It contains no secrets such as bearer tokens, signatures and client secrets.</summary>
public sealed class EmulatorCall
{
    private int _status;
    private string? _fault;

    internal EmulatorCall(long sequence, EmulatorOperation operation, DateTimeOffset time, string method, string path,
        IReadOnlyDictionary<string, string> headers, string requestId)
    {
        Sequence = sequence;
        Operation = operation;
        Time = time;
        Method = method;
        Path = path;
        Headers = headers;
        RequestId = requestId;
    }

    /// <summary>The number of the call, from 1, in order of arrival.</summary>
    public long Sequence { get; }

    /// <summary>The operation of the call.</summary>
    public EmulatorOperation Operation { get; }

    /// <summary>When the call arrived, by the emulator's clock.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>The HTTP method.</summary>
    public string Method { get; }

    /// <summary>The path and query as received. Signatures and secrets are replaced with <c>***</c>.</summary>
    public string Path { get; }

    /// <summary>The request headers, with case-insensitive names. The bearer token is replaced with <c>***</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The response headers, with case-insensitive names. Empty until <see cref="Status"/> is set.</summary>
    public IReadOnlyDictionary<string, string> ResponseHeaders { get; internal set; } = new Dictionary<string, string>();

    /// <summary>The request id of the response: the id that the caller sent, or a new one.</summary>
    public string RequestId { get; }

    /// <summary>
    /// The status of the response. 0 while the call is in progress, and permanently if the connection was reset or the caller disconnected before a response.
    /// The status is set before the first byte of the response is sent, so a caller that has read the response also sees it here.
    /// </summary>
    public int Status
    {
        get => Volatile.Read(ref _status);
        internal set => Volatile.Write(ref _status, value);
    }

    /// <summary>The name of the fault that was injected into this call, or <see langword="null"/>.</summary>
    public string? Fault
    {
        get => Volatile.Read(ref _fault);
        internal set => Volatile.Write(ref _fault, value);
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
