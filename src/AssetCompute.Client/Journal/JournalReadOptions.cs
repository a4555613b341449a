namespace AssetCompute.Client;

/// <summary>Options of one reading of a journal. Defaults come from <see cref="AssetComputeOptions.Journal"/>.</summary>
public sealed class JournalReadOptions
{
    /// <summary>
    /// The URL of the journal to read, for any registration of Adobe I/O Events. Default: none, which is the journal that <c>/register</c> gives the client.
    /// The client's access token is sent there, so it must be an Adobe host over https, or a loopback address.
    /// </summary>
    public Uri? Journal { get; set; }

    /// <summary>The maximum number of events in a page; 1 to 10,000. Default: <see cref="JournalOptions.PageSize"/>.</summary>
    public int? PageSize { get; set; }

    /// <summary>What to do when the position has expired. Default: <see cref="JournalOptions.OnExpired"/>.</summary>
    public ExpiredPositionPolicy? OnExpired { get; set; }

    /// <summary>Whether reading ends when there is nothing new. If false, the reader waits for more. Default: false.</summary>
    public bool StopWhenCaughtUp { get; set; }

    /// <summary>
    /// Notification callback, called between the events, in their order: <see cref="JournalRetrying"/>, <see cref="JournalGap"/>,
    /// <see cref="JournalEventSkipped"/>, <see cref="JournalCaughtUp"/>. Default: none. An exception thrown here ends reading.
    /// </summary>
    public Action<JournalNotice>? OnNotice { get; set; }
}
