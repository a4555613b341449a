namespace AssetCompute.Client.Jobs;

/// <summary>A request until its result. If it fails, its state becomes part of the result.</summary>
/// <param name="requestId">The id that the request is sent with.</param>
/// <param name="request">The request, as the caller passed it in.</param>
/// <param name="isPart">Whether it requests a part of another request again. Its events are then added to the result of that request.</param>
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
