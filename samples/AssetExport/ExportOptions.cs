using System.ComponentModel.DataAnnotations;
using AssetCompute.Client;

namespace AssetExport;

/// <summary>How assets are exported: the section <c>Export</c> of the configuration.</summary>
public sealed class ExportOptions : IValidatableObject
{
    /// <summary>How many exports to one destination run at once in this instance; over 0. Default: 4. A destination can have its own <c>MaxParallelism</c>.</summary>
    [Range(1, int.MaxValue)]
    public int MaxParallelism { get; set; } = 4;

    /// <summary>
    /// How often an export, or AEM for the metadata of a published asset, is tried before it has failed; over 0. Default: 10, which the waits spread over half an hour. A
    /// destination or an AEM that is busy is waited for and not counted.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>The wait before the second attempt; it doubles with each, and has jitter. Default: 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait between two attempts. Default: 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>For how long an export is put off because its destination, AEM or Asset Compute is busy or out of reach; then it has failed. Over zero, up to 31 days. Default: 3 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "31.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan MaxBusyTime { get; set; } = TimeSpan.FromDays(3);

    /// <summary>
    /// For how long nothing may move in a transfer: then it is ended, and the attempt has failed; over zero, up to 1 day. Default: 15 minutes. It is the time between two reads of the
    /// original, and that which the destination takes when it has read all.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan StallTime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// For how long an instance claims an event or an export; 1 second to 1 day. Default: 1 minute. It is renewed every third of it, so this is not the longest time of an export, but
    /// the time after which another instance takes it over when this one has died.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ClaimDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long to wait where nothing is due; up to 1 hour. Default: 1 second. What this instance learns of wakes it at once.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", MinimumIsExclusive = true)]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>For how long exports of former versions, and what was not exported, stay in the ledger; up to 10,000 days. Default: 30 days. The newest export of an asset stays for ever.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "10000.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long exports may go on when the application stops. Default: 20 seconds. What is not done by then is begun again at the next start.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>When assets are exported that need not be at once.</summary>
    public BatchOptions Batch { get; } = new();

    /// <summary>The wait after a failed attempt: twice as long each time, up to the longest, and up to half of it shorter, so that not all come back at once.</summary>
    /// <param name="attempts">How many attempts have failed, from 1.</param>
    internal TimeSpan DelayAfter(int attempts) => Backoff.Delay(RetryDelay, MaxRetryDelay, attempts - 1);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (RetryDelay > MaxRetryDelay)
        {
            yield return new ValidationResult($"It must be up to {nameof(MaxRetryDelay)}.", [nameof(RetryDelay)]);
        }

        if (Batch.MaxPerRun < 1)
        {
            yield return new ValidationResult("It must be over 0.", ["Batch:MaxPerRun"]);
        }
    }
}
