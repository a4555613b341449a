namespace AssetCompute.Client.Jobs;

/// <summary>A request on its way to its result: what can be said of it when it fails.</summary>
/// <param name="requestId">The id that it is sent under.</param>
/// <param name="request">As the caller handed it in.</param>
/// <param name="isPart">Whether it asks once more for a part of another request, whose result it goes into.</param>
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
