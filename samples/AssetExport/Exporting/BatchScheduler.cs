using System.Data.Common;

namespace AssetExport;

/// <summary>Begins the scheduled batches, and keeps the ledger from growing. When the last batch was stands in the database, so one instance of many does it, and a crash changes nothing.</summary>
internal sealed class BatchScheduler(ExportLedger ledger, ExportOptions options, TimeProvider timeProvider, ILogger<BatchScheduler> logger) : BackgroundService
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_cleaning = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        DateTimeOffset cleaned = DateTimeOffset.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            TimeSpan wait = s_longestWait;
            try
            {
                if (await ledger.ReleaseBatchAsync(options.Batch.Interval, options.Batch.MaxPerRun, stoppingToken) is > 0 and int released)
                {
                    ExportLog.Batch(logger, released);
                }

                if (timeProvider.GetUtcNow() - cleaned >= s_cleaning)
                {
                    if (await ledger.RemoveOldAsync(options.Retention, stoppingToken) is > 0 and int removed)
                    {
                        ExportLog.Forgotten(logger, removed);
                    }

                    cleaned = timeProvider.GetUtcNow();
                }

                // Another instance may run the batch, and move the next one: so a look now and then, too.
                TimeSpan left = await ledger.NextBatchAsync(stoppingToken) - timeProvider.GetUtcNow() ?? s_longestWait;
                wait = left < TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : left < s_longestWait ? left + TimeSpan.FromMilliseconds(1) : s_longestWait;
            }
            catch (Exception exception) when (exception is DbException or InvalidOperationException or IOException or TimeoutException)
            {
                ExportLog.LedgerFailed(logger, exception, wait);
            }

            await Task.Delay(wait, timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
