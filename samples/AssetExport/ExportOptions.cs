using System.ComponentModel.DataAnnotations;
using AssetCompute.Client;

namespace AssetExport;

/// <summary>The options for exporting assets: the section <c>Export</c> of the configuration.</summary>
public sealed class ExportOptions
{
    /// <summary>
    /// The maximum number of concurrent exports to a destination in this instance. Greater than 0. Default: 4. <c>MaxParallelism</c> of a destination
    /// overrides it.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaxParallelism { get; set; } = 4;

    /// <summary>
    /// The maximum number of attempts for an export, and for reading the metadata of a published asset from AEM. Greater than 0. Default: 10, which takes about
    /// half an hour with the default delays. Attempts that fail because a destination or AEM is busy are not counted.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>The delay before the second attempt. It doubles with each attempt, up to <see cref="MaxRetryDelay"/>, and has jitter. Default: 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The maximum delay between two attempts. Default: 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long an export is retried while its destination, AEM or Asset Compute is busy or unreachable, before it fails. Greater than zero, up to 31
    /// days. Default: 3 days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "31.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan MaxBusyTime { get; set; } = TimeSpan.FromDays(3);

    /// <summary>
    /// How long a transfer may make no progress before it is canceled and the attempt fails. Greater than zero, up to 1 day. Default: 15 minutes. It applies
    /// to the time between two reads of the original, and to the time that the destination needs after the last read.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan StallTime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long an instance claims an event or an export. 1 second to 1 day. Default: 1 minute. The claim is renewed every sixth of this time, so this is not the
    /// maximum duration of an export, but the time after which another instance takes over if this one has died.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ClaimDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The polling interval when nothing is due. Up to 1 hour. Default: 1 second. New work in this instance ends the wait immediately.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", MinimumIsExclusive = true)]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the ledger keeps skipped assets and exports of earlier versions. Up to 10,000 days. Default: 30 days. The newest export of an asset
    /// is always kept.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "10000.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long exports may continue when the application stops. Default: 20 seconds. Unfinished exports start again at the next start.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The schedule for assets that are not exported immediately.</summary>
    public BatchOptions Batch { get; } = new();

    /// <summary>Returns the delay after a failed attempt: doubled each time up to the maximum, and shortened by up to half at random.</summary>
    internal TimeSpan DelayAfter(int attempts) => Backoff.Delay(RetryDelay, MaxRetryDelay, attempts - 1);
}
