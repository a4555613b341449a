namespace AssetCompute.Client.Jobs;

/// <summary>The renditions of a request that were too large for their targets, with larger targets from the caller.</summary>
internal sealed class LargerTargets
{
    // By the index in the first request.
    private readonly Rendition?[] _renditions;

    private LargerTargets(int count) => _renditions = new Rendition?[count];

    /// <summary>The renditions to request again.</summary>
    public IReadOnlyList<Rendition> Renditions => [.. _renditions.OfType<Rendition>()];

    /// <summary>The first exception of the caller's callback. The other renditions are still requested.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Calls the callback for each rendition that was too large.</summary>
    /// <param name="events">The events of the first request, one for each rendition, with the caller's renditions.</param>
    /// <param name="onTooLarge">The callback.</param>
    /// <param name="cancellationToken">Cancels the callbacks.</param>
    public static async ValueTask<LargerTargets> AskAsync(
        IReadOnlyList<RenditionEvent> events, Func<RenditionFailed, CancellationToken, ValueTask<RenditionTarget?>> onTooLarge, CancellationToken cancellationToken)
    {
        LargerTargets larger = new(events.Count);
        for (int i = 0; i < events.Count; i++)
        {
            try
            {
                if (events[i] is RenditionFailed failed
                    && failed.Reason == RenditionFailureReason.RenditionTooLarge
                    && await onTooLarge(failed, cancellationToken).ConfigureAwait(false) is { } target)
                {
                    larger._renditions[i] = failed.Rendition with { Target = target };
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                larger.Failure ??= exception;
            }
        }

        return larger;
    }

    /// <summary>Returns the events of the first request, with the new answers in place of the old ones.</summary>
    public IReadOnlyList<RenditionEvent> Merge(IReadOnlyList<RenditionEvent> events, IReadOnlyList<RenditionEvent> answers) =>
        [.. events.Select((first, i) => answers.FirstOrDefault(answer => ReferenceEquals(answer.Rendition, _renditions[i])) ?? first)];
}
