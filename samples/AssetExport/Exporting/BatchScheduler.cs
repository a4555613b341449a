namespace AssetExport;

/// <summary>Starts the scheduled runs, of which the database has the times, and removes old entries from the ledger.</summary>
internal sealed class BatchScheduler(ExportLedger ledger, DestinationDirectory destinations, ExportOptions options, TimeProvider timeProvider, ILogger<BatchScheduler> logger) : BackgroundService
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_cleaning = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        DateTimeOffset cleaned = DateTimeOffset.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            // Another instance may start a run and change the time of the next one, so this one checks regularly.
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
                    await ledger.RemoveOldAsync(options.Retention, stoppingToken);
                    cleaned = timeProvider.GetUtcNow();
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // An unavailable database may come back, and scheduled exports stay scheduled.
                ExportLog.LedgerFailed(logger, exception, s_longestWait);
            }

            TimeSpan left = next - timeProvider.GetUtcNow();
            await Task.Delay(left > TimeSpan.Zero ? left + TimeSpan.FromMilliseconds(1) : TimeSpan.FromMilliseconds(1), timeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
