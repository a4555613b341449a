namespace AssetCompute.Client.Jobs;

/// <summary>A request until its result: what is known of it when it fails.</summary>
/// <param name="requestId">The id that it is sent under.</param>
/// <param name="request">The request, as the caller passed it in.</param>
/// <param name="isPart">Whether it requests a part of another request again, and goes into the result of that one.</param>
internal sealed class JobRun(string requestId, ProcessRequest request, bool isPart = false)
{
    private IReadOnlyList<RenditionEvent>? _received;

    public string RequestId { get; } = requestId;

    public ProcessRequest Request { get; } = request;

    public bool IsPart { get; } = isPart;

    public RenditionJob? Job { get; set; }

    public IReadOnlyList<RenditionEvent> Received
    {
        get => _received ?? Job?.Received ?? [];
        set => _received = value;
    }
}
