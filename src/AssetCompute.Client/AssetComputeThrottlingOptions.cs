namespace AssetCompute.Client;

/// <summary>How the callers of one client share the capacity of the service.</summary>
/// <remarks>
/// Adobe does not publish the limits of the service. The client learns from the share of its 429 answers how many requests can leave per second and how many
/// can be in flight. A change of the options applies immediately, also to waiting calls.
/// </remarks>
public sealed class AssetComputeThrottlingOptions
{
    /// <summary>
    /// Whether all callers of the client slow down when the service refuses too many requests (429). Default: true. If false, each refused call waits
    /// independently, and many concurrent callers send several requests for each success.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The maximum number of requests in flight; over 0. Further callers wait. Default: none. Then only the limit of the service applies.
    /// </summary>
    public int? MaxConcurrentRequests { get; set; }
}
