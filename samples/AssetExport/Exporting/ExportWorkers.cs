namespace AssetExport;

/// <summary>Drains the ledger: for each destination a loop that claims what is due, with the parallelism that destination and application allow.</summary>
internal sealed class ExportWorkers(ExportLedger ledger, DestinationDirectory destinations, ExportRun run, WorkFolder work, ExportOptions options, TimeProvider timeProvider, ILogger<ExportWorkers> logger) : BackgroundService
{
    private static readonly TimeSpan s_afterFailure = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Run(work.RemoveLeftovers, stoppingToken);
        using CancellationTokenSource draining = new();
        using SemaphoreSlim all = new(options.MaxParallelism, options.MaxParallelism);
        Task[] loops = [.. destinations.All.Select(destination => Task.Run(() => DrainAsync(destination, all, draining.Token, stoppingToken), CancellationToken.None))];
        await Task.Delay(Timeout.InfiniteTimeSpan, stoppingToken).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        draining.CancelAfter(options.DrainTimeout);
        await Task.WhenAll(loops);
    }

    private async Task DrainAsync(ExportDestination destination, SemaphoreSlim all, CancellationToken draining, CancellationToken stopping)
    {
        using SemaphoreSlim own = new(destination.MaxParallelism, destination.MaxParallelism);
        using WakeUp wake = new(ledger);
        List<Task> running = [];
        try
        {
            while (true)
            {
                await destination.Pause.WaitAsync(stopping);
                await own.WaitAsync(stopping);
                try
                {
                    await all.WaitAsync(stopping);
                }
                catch
                {
                    own.Release();
                    throw;
                }

                if (destination.Pause.IsOn)
                {
                    // The export that held the last place has ended with it.
                    own.Release();
                    all.Release();
                    continue;
                }

                long asked = timeProvider.GetTimestamp();
                if (await ClaimAsync(destination, stopping) is { } export)
                {
                    running.RemoveAll(static task => task.IsCompleted);
                    running.Add(ExportAsync(export, asked));
                }
                else
                {
                    own.Release();
                    all.Release();
                    await wake.WaitAsync(options.PollInterval, timeProvider, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // No more is claimed.
        }
        finally
        {
            await Task.WhenAll(running);
        }

        async Task ExportAsync(ExportEntry export, long claimed)
        {
            try
            {
                if (await run.RunAsync(export, claimed, destination, draining) is { } wait)
                {
                    destination.Pause.For(wait);
                }
            }
            finally
            {
                own.Release();
                all.Release();
            }
        }
    }

    private async Task<ExportEntry?> ClaimAsync(ExportDestination destination, CancellationToken stopping)
    {
        try
        {
            return await ledger.ClaimAsync(destination.Name, options.ClaimDuration, stopping);
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            // A database that is away comes back; what is due stays so.
            ExportLog.LedgerFailed(logger, exception, s_afterFailure);
            await Task.Delay(s_afterFailure, timeProvider, stopping);
            return null;
        }
    }
}
