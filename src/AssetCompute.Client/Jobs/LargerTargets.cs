namespace AssetCompute.Client.Jobs;

/// <summary>The renditions to request again, because they were too large for their targets and the caller has provided larger ones.</summary>
internal sealed class LargerTargets(IReadOnlyList<int> indices, ProcessRequest? request, Exception? failure)
{
    /// <summary>The request for those renditions only; null if there are none.</summary>
    public ProcessRequest? Request { get; } = request;

    /// <summary>The first exception of the caller's callback. The other renditions are still requested.</summary>
    public Exception? Failure { get; } = failure;

    /// <summary>Calls the callback for each rendition that was too large.</summary>
    public static async ValueTask<LargerTargets> AskAsync(
        ProcessRequest request,
        IReadOnlyList<RenditionEvent> events,
        Func<RenditionFailed, CancellationToken, ValueTask<RenditionTarget?>> onTooLarge,
        CancellationToken cancellationToken)
    {
        List<int> indices = [];
        List<Rendition> renditions = [];
        Exception? failure = null;
        for (int i = 0; i < events.Count; i++)
        {
            if (events[i] is not RenditionFailed failed || failed.Reason != RenditionFailureReason.RenditionTooLarge)
            {
                continue;
            }

            try
            {
                if (await onTooLarge(failed, cancellationToken).ConfigureAwait(false) is { } target)
                {
                    indices.Add(i);
                    renditions.Add(request.Renditions[i] with { Target = target });
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                failure ??= exception;
            }
        }

        return new LargerTargets(indices, indices.Count == 0 ? null : request with { RequestId = null, Renditions = renditions }, failure);
    }

    /// <summary>Returns the events, with the new answers in place of the old ones.</summary>
    /// <param name="events">The events of the first request, one for each rendition.</param>
    /// <param name="answers">The new answers. Their renditions are the objects of <see cref="Request"/>.</param>
    public IReadOnlyList<RenditionEvent> Merge(IReadOnlyList<RenditionEvent> events, IReadOnlyList<RenditionEvent> answers)
    {
        RenditionEvent[] merged = [.. events];
        for (int i = 0; i < indices.Count; i++)
        {
            Rendition asked = Request!.Renditions[i];
            merged[indices[i]] = answers.FirstOrDefault(answer => ReferenceEquals(answer.Rendition, asked)) ?? merged[indices[i]];
        }

        return merged;
    }

    /// <summary>Returns the exception of a job that timed out in this request, with the events of the first request and of this one.</summary>
    public RenditionJobTimeoutException OutOfTime(RenditionJob job, IReadOnlyList<RenditionEvent> events, RenditionJobTimeoutException late)
    {
        HashSet<int> missing = [.. indices.Where((_, i) => !late.Received.Any(answer => ReferenceEquals(answer.Rendition, Request!.Renditions[i])))];
        return new RenditionJobTimeoutException($"What was too large in the request {job.RequestId} was requested again, with larger targets. {late.Message}", late)
        {
            RequestId = job.RequestId,
            Missing = [.. job.Request.Renditions.Where((_, i) => missing.Contains(i))],
            Received = [.. Merge(events, late.Received).Where((_, i) => !missing.Contains(i))],
        };
    }
}
