namespace AssetCompute.Client;

/// <summary>Options for jobs.</summary>
public sealed class RenditionJobOptions
{
    internal const string TimeoutRange = "over zero up to 45 days, or infinite";

    /// <summary>
    /// The maximum number of requests in flight, from the start of a request until its result is taken; over 0. Default: 256. Has no effect on a single
    /// request.
    /// </summary>
    public int MaxInFlight { get; set; } = 256;

    /// <summary>
    /// The maximum time to wait for the events of a request after the service has accepted it; over zero, up to 45 days, or
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>. Default: 1 hour.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Called for each event when it arrives, before the job is complete. Use it to report progress. The event's <see cref="RenditionEvent.Rendition"/> is
    /// the object of the request. The callback blocks the only reader of the journal, so it must return quickly. Default: none. An exception thrown here
    /// fails its job.
    /// </summary>
    public Action<RenditionEvent>? OnRendition { get; set; }

    /// <summary>Whether the value is a valid timeout for jobs: timers have a maximum.</summary>
    internal static bool IsTimeout(TimeSpan timeout) =>
        (timeout > TimeSpan.Zero && timeout <= TimeSpan.FromDays(45)) || timeout == System.Threading.Timeout.InfiniteTimeSpan;

    /// <summary>Checks the options, and returns a copy: the caller may change its object for the next call.</summary>
    internal static RenditionJobOptions Check(RenditionJobOptions? options)
    {
        options ??= new RenditionJobOptions();
        return options.MaxInFlight <= 0 ? throw new ArgumentOutOfRangeException(nameof(options), options.MaxInFlight, $"{nameof(MaxInFlight)} must be over 0.")
            : !IsTimeout(options.Timeout) ? throw new ArgumentOutOfRangeException(nameof(options), options.Timeout, $"{nameof(Timeout)} must be {TimeoutRange}.")
            : new RenditionJobOptions { MaxInFlight = options.MaxInFlight, Timeout = options.Timeout, OnRendition = options.OnRendition };
    }
}
