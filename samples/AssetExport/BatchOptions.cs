namespace AssetExport;

/// <summary>The scheduled batch: so many exports every so often, over all instances.</summary>
public sealed class BatchOptions
{
    /// <summary>The time between two runs; over zero, up to 31 days. Default: 1 hour. When the last one was stands in the database: a restart changes nothing.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How many exports one run begins at most, the oldest first; over 0. Default: 100.</summary>
    public int MaxPerRun { get; set; } = 100;
}
