namespace AssetCompute.Client;

/// <summary>Options for jobs.</summary>
public sealed class RenditionJobOptions
{
    internal const string TimeoutRange = "over zero up to 45 days, or infinite";

    /// <summary>
    /// The maximum number of requests in flight, from sending one until its result is taken; over 0. Default: 256. Has no effect on a single request.
    /// </summary>
    public int MaxInFlight { get; set; } = 256;

    /// <summary>
    /// The longest time to wait for the events of a request, once the service has accepted it; over zero up to 45 days, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>.
    /// Default: 1 hour.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Called for each event as it comes, before the job is complete: for progress. Its <see cref="RenditionEvent.Rendition"/> is the object of the
    /// request. The only reader of the journal calls it, so it must return quickly. Default: none. An exception thrown here fails its job.
    /// </summary>
    public Action<RenditionEvent>? OnRendition { get; set; }

    /// <summary>
    /// Returns a larger target for a rendition that failed with <see cref="RenditionFailureReason.RenditionTooLarge"/>: the rendition is
    /// then requested once more, with a <see cref="Timeout"/> of its own. When it returns null, the failure is the result. So it is when it throws or that request fails:
    /// the exception is then <see cref="RenditionJobResult.Error"/>. When that request times out, the whole job does. Default: none.
    /// </summary>
    public Func<RenditionFailed, CancellationToken, ValueTask<RenditionTarget?>>? OnTooLarge { get; set; }

    /// <summary>Whether jobs can wait for so long: timers cannot be set further ahead.</summary>
    internal static bool IsTimeout(TimeSpan timeout) =>
        (timeout > TimeSpan.Zero && timeout <= TimeSpan.FromDays(45)) || timeout == System.Threading.Timeout.InfiniteTimeSpan;

    internal static RenditionJobOptions Check(RenditionJobOptions? options)
    {
        options ??= new RenditionJobOptions();
        return options.MaxInFlight <= 0 ? throw new ArgumentOutOfRangeException(nameof(options), options.MaxInFlight, $"{nameof(MaxInFlight)} must be over 0.")
            : !IsTimeout(options.Timeout) ? throw new ArgumentOutOfRangeException(nameof(options), options.Timeout, $"{nameof(Timeout)} must be {TimeoutRange}.")
            : options;
    }
}
