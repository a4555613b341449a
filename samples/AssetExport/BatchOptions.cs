using System.ComponentModel.DataAnnotations;

namespace AssetExport;

/// <summary>The schedule of destinations without their own <c>Schedule</c>, <c>TimeZone</c>, <c>MaxPerRun</c> or <c>Window</c>.</summary>
public sealed class BatchOptions
{
    /// <summary>
    /// When scheduled exports start: a cron expression with 5 fields, or with 6 fields starting with seconds. Default: <c>0 * * * *</c>, every hour.
    /// </summary>
    public string Schedule { get; set; } = "0 * * * *";

    /// <summary>The IANA time zone of the schedule and the window. Default: UTC.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>The maximum number of exports that a run starts in all instances together, oldest first. Greater than 0. Default: 100.</summary>
    [Range(1, int.MaxValue)]
    public int MaxPerRun { get; set; } = 100;

    /// <summary>The time of day in which exports run, such as <c>22:00-06:00</c>. Default: always.</summary>
    public string? Window { get; set; }
}
