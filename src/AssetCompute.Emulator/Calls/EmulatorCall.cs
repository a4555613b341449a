namespace AssetCompute.Emulator;

/// <summary>One call that the emulator received. Secrets (bearer tokens, signatures, client secrets) are not in it.</summary>
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

    /// <summary>The call's number, from 1, in order of arrival.</summary>
    public long Sequence { get; }

    /// <summary>What the call was for.</summary>
    public EmulatorOperation Operation { get; }

    /// <summary>When the call arrived, by the emulator's clock.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>The HTTP method.</summary>
    public string Method { get; }

    /// <summary>The path and query as received, signatures and secrets replaced by <c>***</c>.</summary>
    public string Path { get; }

    /// <summary>The request's headers, names compared without case; the bearer token replaced by <c>***</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The answer's headers, names compared without case; empty until <see cref="Status"/> is set.</summary>
    public IReadOnlyDictionary<string, string> ResponseHeaders { get; internal set; } = new Dictionary<string, string>();

    /// <summary>The request id that the answer carries: the caller's own, or a new one.</summary>
    public string RequestId { get; }

    /// <summary>
    /// The status that was answered: 0 while the call is being worked on, and for ever when the connection was reset, or the
    /// caller went away, before an answer.
    /// It stands before the first byte of the answer leaves, so whoever has read the answer also sees the status here.
    /// </summary>
    public int Status
    {
        get => Volatile.Read(ref _status);
        internal set => Volatile.Write(ref _status, value);
    }

    /// <summary>The name of the fault that was put into this call, or <see langword="null"/>.</summary>
    public string? Fault
    {
        get => Volatile.Read(ref _fault);
        internal set => Volatile.Write(ref _fault, value);
    }

    /// <summary>How long the call took, until the last byte of its answer was handed over; <see langword="null"/> while it is being worked on.</summary>
    internal TimeSpan? Duration { get; set; }

    internal CallBody? RequestBody { get; set; }

    internal CallBody? ResponseBody { get; set; }

    internal long BodyBytes => (RequestBody?.Content?.Length ?? 0) + (ResponseBody?.Content?.Length ?? 0);

    /// <summary>The connection is being reset, by either side: what the server would have answered never leaves.</summary>
    internal bool IsReset { get; set; }

    /// <summary>The call in one line.</summary>
    /// <returns>Such as <c>3 Process POST /process 200</c>.</returns>
    public override string ToString() => $"{Sequence} {Operation} {Method} {Path} {Status}";
}
