namespace AssetCompute.Client;

/// <summary>How the callers of one client share what the service lets through.</summary>
/// <remarks>The limit of the service is not published; it is learned from its 429 answers. Read when the client is first used.</remarks>
public sealed class AssetComputeThrottlingOptions
{
    /// <summary>
    /// Whether a 429 slows down all callers of the client, not only the one that got it. Default: true. Without it each call waits by itself, and
    /// a crowd of callers loses some of them.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The most requests that may be in flight at a time; over 0. Further callers wait their turn. Default: none, there is no limit but that
    /// of the service.
    /// </summary>
    public int? MaxConcurrentRequests { get; set; }
}
