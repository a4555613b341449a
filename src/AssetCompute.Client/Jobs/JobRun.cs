namespace AssetCompute.Client.Jobs;

/// <summary>A request on its way to its result: what can be said of it when it fails.</summary>
internal sealed class JobRun(string requestId, ProcessRequest request)
{
    public string RequestId { get; } = requestId;

    /// <summary>As the caller handed it in.</summary>
    public ProcessRequest Request { get; } = request;

    public RenditionJob? Job { get; set; }

    public IReadOnlyList<RenditionEvent> Received => Job?.Received ?? [];
}
