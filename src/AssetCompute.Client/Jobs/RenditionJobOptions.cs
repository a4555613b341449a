namespace AssetCompute.Client;

/// <summary>How jobs run.</summary>
public sealed class RenditionJobOptions
{
    internal const string TimeoutRange = "over zero up to 45 days, or infinite";

    /// <summary>
    /// How many requests may be on their way at once, from their sending until their result is taken; over 0. Default: 256. For one request it
    /// means nothing.
    /// </summary>
    public int MaxInFlight { get; set; } = 256;

    /// <summary>
    /// The longest time to wait for the events of a request, once the service has accepted it; over zero up to 45 days, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>.
    /// Default: 1 hour.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Told each event as it comes, before the job is complete: for progress. Its <see cref="RenditionEvent.Rendition"/> is the very object of the
    /// request. Called by the one reader of the journal, so it must be quick.
    /// Default: nobody. An exception thrown here fails its job.
    /// </summary>
    public Action<RenditionEvent>? OnRendition { get; set; }

    /// <summary>
    /// Asked for a target with more room when a rendition was <see cref="RenditionFailureReason.RenditionTooLarge"/>: the rendition is
    /// then requested once more, within a <see cref="Timeout"/> of its own. Null as an answer leaves the failure as the result; so does an exception thrown here, or by that request,
    /// which is then <see cref="RenditionJobResult.Error"/>. Where that request runs out of time, the whole job has. Default: nobody is asked.
    /// </summary>
    public Func<RenditionFailed, CancellationToken, ValueTask<RenditionTarget?>>? OnTooLarge { get; set; }

    /// <summary>Whether jobs can wait for so long: timers cannot be set further ahead.</summary>
    internal static bool IsTimeout(TimeSpan timeout) =>
        (timeout > TimeSpan.Zero && timeout <= TimeSpan.FromDays(45)) || timeout == System.Threading.Timeout.InfiniteTimeSpan;
}
