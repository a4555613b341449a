namespace AssetCompute.Client;

/// <summary>How one reading of a journal goes. What is not set here is taken from <see cref="AssetComputeOptions.Journal"/>.</summary>
public sealed class JournalReadOptions
{
    /// <summary>
    /// The URL of the journal to read, for any registration of Adobe I/O Events. Default: none, which is the journal that
    /// <c>/register</c> gives the client. The client's access token is sent there, so it must be Adobe's: https, or a loopback address.
    /// </summary>
    public Uri? Journal { get; set; }

    /// <summary>How many events one page may have; 1 to 10,000. Default: <see cref="JournalOptions.PageSize"/>.</summary>
    public int? PageSize { get; set; }

    /// <summary>What to do when the position has expired. Default: <see cref="JournalOptions.OnExpired"/>.</summary>
    public ExpiredPositionPolicy? OnExpired { get; set; }

    /// <summary>Whether reading ends when there is nothing new, instead of waiting for more. Default: false.</summary>
    public bool StopWhenCaughtUp { get; set; }

    /// <summary>
    /// Notification callback, called between the events and in their order: <see cref="JournalRetrying"/>, <see cref="JournalGap"/>,
    /// <see cref="JournalEventSkipped"/>, <see cref="JournalCaughtUp"/>. Default: none. An exception thrown here ends reading.
    /// </summary>
    public Action<JournalNotice>? OnNotice { get; set; }
}
