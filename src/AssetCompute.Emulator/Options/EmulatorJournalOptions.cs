namespace AssetCompute.Emulator;

/// <summary>How the event journals behave.</summary>
public sealed class EmulatorJournalOptions
{
    /// <summary>
    /// What <c>retry-after</c> says at the end of the journal, in whole seconds. Default: 1 second. Adobe's journal says 10 seconds;
    /// on one's own machine nobody wants to wait for that, and tests set it to zero.
    /// </summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long after a rendition is done its event appears in the journal. Default: zero; the program's default is half a second.
    /// Adobe's events take seconds, and Adobe's Node client relies on it: it begins to read at the end of the journal while its first
    /// request is under way, and never sees an event that was faster.
    /// </summary>
    public TimeSpan EventDelay { get; set; }

    /// <summary>How many events a page holds when the reader sets no <c>limit</c>. Default: 100. Adobe does not say its own number.</summary>
    public int PageSize { get; set; } = 100;

    /// <summary>The most bytes of events in one page; one larger event still travels alone. Default: 1,500,000, as Adobe documents.</summary>
    public int MaxPageBytes { get; set; } = 1_500_000;

    /// <summary>How long events are kept; older positions answer 410. Default: 7 days, as Adobe documents.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How many events one journal keeps; positions before the oldest kept answer 410. Default: 100,000.</summary>
    public int Capacity { get; set; } = 100_000;

    /// <summary>
    /// How many bytes of events one journal keeps; positions before the oldest kept answer 410. The newest event stays, however large
    /// it is. Default: 268,435,456 (256 MiB).
    /// </summary>
    public long CapacityBytes { get; set; } = 256L << 20;
}
