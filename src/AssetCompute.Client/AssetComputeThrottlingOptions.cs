namespace AssetCompute.Client;

/// <summary>How the callers of one client share what the service lets through.</summary>
/// <remarks>
/// Adobe does not publish the limits of the service. The client learns from the share of its 429 answers how many requests may leave a second and how many may be under way.
/// A change of the options applies at once, also to the calls that wait.
/// </remarks>
public sealed class AssetComputeThrottlingOptions
{
    /// <summary>
    /// Whether all callers of the client slow down when the service refuses too many requests (429). Default: true. Without it each refused call waits by itself, and a crowd
    /// of callers sends several requests for each success.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The most requests that may be under way at a time; over 0. Further callers wait their turn. Default: none, there is no limit but that
    /// of the service.
    /// </summary>
    public int? MaxConcurrentRequests { get; set; }
}
