namespace AssetCompute.Emulator;

/// <summary>The options of the event journals.</summary>
public sealed class EmulatorJournalOptions
{
    /// <summary>The <c>retry-after</c> at the end of the journal, in whole seconds. Default: 1 second (Adobe's journal returns 10). Tests can set it to zero.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The delay between the end of a rendition and its event in the journal. Default: zero; half a second in the program. Adobe's events take seconds, and
    /// Adobe's Node client relies on that: it starts to read at the end of the journal while its first request is in progress, and misses events that are faster.
    /// </summary>
    public TimeSpan EventDelay { get; set; }

    /// <summary>The number of events per page if the reader sets no <c>limit</c>. Default: 100. Adobe does not document its page size.</summary>
    public int PageSize { get; set; } = 100;

    /// <summary>How long events are kept. Older positions return 410. Default: 7 days, as documented by Adobe.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The maximum number of events that a journal keeps. Positions before the oldest one return 410. Default: 100,000.</summary>
    public int Capacity { get; set; } = 100_000;

    /// <summary>The maximum number of bytes of events that a journal keeps, besides the newest event. Earlier positions return 410. Default: 256 MiB.</summary>
    public long CapacityBytes { get; set; } = 256L << 20;
}
