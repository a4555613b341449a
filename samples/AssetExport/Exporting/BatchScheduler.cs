namespace AssetExport;

/// <summary>Starts the scheduled runs, and keeps the ledger from growing. The next run of a destination is in the database, so one of many instances starts it, and a crash changes nothing.</summary>
internal sealed class BatchScheduler(ExportLedger ledger, DestinationDirectory destinations, ExportOptions options, TimeProvider timeProvider, ILogger<BatchScheduler> logger) : BackgroundService
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_cleaning = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        DateTimeOffset cleaned = DateTimeOffset.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            // Another instance may start a run, and move the next one, so it looks now and then, too.
            DateTimeOffset next = timeProvider.GetUtcNow() + s_longestWait;
            try
            {
                foreach (ExportDestination destination in destinations.All)
                {
                    (int? released, DateTimeOffset run) = await ledger.ReleaseBatchAsync(destination.Name, destination.Pace, stoppingToken);
                    if (released > 0)
                    {
                        ExportLog.Batch(logger, destination.Name, released.Value);
                    }

                    next = run < next ? run : next;
                }

                if (timeProvider.GetUtcNow() - cleaned >= s_cleaning)
                {
                    if (await ledger.RemoveOldAsync(options.Retention, stoppingToken) is > 0 and int removed)
                    {
                        ExportLog.Forgotten(logger, removed);
                    }

                    cleaned = timeProvider.GetUtcNow();
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // A database that is away comes back, and what is scheduled stays so.
                ExportLog.LedgerFailed(logger, exception, s_longestWait);
            }

            TimeSpan left = next - timeProvider.GetUtcNow();
            await Task.Delay(left > TimeSpan.Zero ? left + TimeSpan.FromMilliseconds(1) : TimeSpan.FromMilliseconds(1), timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
