namespace AssetCompute.Client.Jobs;

/// <summary>What is asked for once more, because it was too large for its target and the caller has a larger one.</summary>
internal sealed class LargerTargets
{
    private readonly IReadOnlyList<int> _indices;

    private LargerTargets(IReadOnlyList<int> indices, ProcessRequest request)
    {
        _indices = indices;
        Request = request;
    }

    /// <summary>The request for those renditions only.</summary>
    public ProcessRequest Request { get; }

    /// <summary>Asks the caller for each rendition that was too large.</summary>
    /// <returns>Null where there is none, or no larger target.</returns>
    public static async ValueTask<LargerTargets?> AskAsync(
        ProcessRequest request,
        IReadOnlyList<RenditionEvent> events,
        Func<RenditionFailed, CancellationToken, ValueTask<RenditionTarget?>>? onTooLarge,
        CancellationToken cancellationToken)
    {
        if (onTooLarge is null)
        {
            return null;
        }

        List<int> indices = [];
        List<Rendition> renditions = [];
        for (int i = 0; i < events.Count; i++)
        {
            if (events[i] is RenditionFailed failed
                && failed.Reason == RenditionFailureReason.RenditionTooLarge
                && await onTooLarge(failed, cancellationToken).ConfigureAwait(false) is { } target)
            {
                indices.Add(i);
                renditions.Add(request.Renditions[i] with { Target = target });
            }
        }

        return indices.Count == 0 ? null : new LargerTargets(indices, request with { RequestId = null, Renditions = renditions });
    }

    /// <summary>The events with the new answers in their places.</summary>
    public IReadOnlyList<RenditionEvent> Merge(IReadOnlyList<RenditionEvent> events, IReadOnlyList<RenditionEvent> answers)
    {
        RenditionEvent[] merged = [.. events];
        for (int i = 0; i < _indices.Count; i++)
        {
            merged[_indices[i]] = answers[i];
        }

        return merged;
    }
}
