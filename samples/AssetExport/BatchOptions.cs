namespace AssetExport;

/// <summary>When destinations are exported to that do not have their own <c>Schedule</c>, <c>TimeZone</c>, <c>MaxPerRun</c> or <c>Window</c>.</summary>
public sealed class BatchOptions
{
    /// <summary>When scheduled exports start: a cron expression of 5 fields, or of 6 that begin with seconds. Default: <c>0 * * * *</c>, each hour.</summary>
    public string Schedule { get; set; } = "0 * * * *";

    /// <summary>The time zone of schedule and window, as IANA names it. Default: UTC.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>How many exports a run starts over all instances, the oldest first; over 0. Default: 100.</summary>
    public int MaxPerRun { get; set; } = 100;

    /// <summary>The times of day between which anything is exported, such as <c>22:00-06:00</c>. Default: always.</summary>
    public string? Window { get; set; }
}
