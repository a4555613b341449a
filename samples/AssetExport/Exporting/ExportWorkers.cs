namespace AssetExport;

/// <summary>Exports what is due, with one independent loop per destination, so that a destination that hangs does not delay another.</summary>
internal sealed class ExportWorkers(ExportLedger ledger, DestinationDirectory destinations, ExportRun run, ExportOptions options, TimeProvider timeProvider, ILogger<ExportWorkers> logger) : BackgroundService
{
    private static readonly TimeSpan s_afterFailure = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Run(static () => WorkFolder.RemoveLeftovers(Path.GetTempPath()), stoppingToken);
        using CancellationTokenSource draining = new();
        ledger.Due += WakeAll;
        try
        {
            Task[] loops = [.. destinations.All.Select(destination => Task.Run(() => DrainAsync(destination, draining.Token, stoppingToken), CancellationToken.None))];
            await Task.Delay(Timeout.InfiniteTimeSpan, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            draining.CancelAfter(options.DrainTimeout);
            await Task.WhenAll(loops);
        }
        finally
        {
            ledger.Due -= WakeAll;
        }
    }

    private void WakeAll(object? sender, EventArgs e)
    {
        foreach (ExportDestination destination in destinations.All)
        {
            destination.Pause.Wake();
        }
    }

    private async Task DrainAsync(ExportDestination destination, CancellationToken draining, CancellationToken stopping)
    {
        List<Task> running = [];
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                running.RemoveAll(static task => task.IsCompleted);
                long asked = timeProvider.GetTimestamp();
                if (RestOf(destination) is { Ticks: > 0 } rest)
                {
                    await destination.Pause.WaitAsync(rest, stopping);
                }
                else if (running.Count == destination.MaxParallelism)
                {
                    await Task.WhenAny(running).WaitAsync(stopping);
                }
                else if (await ledger.ClaimAsync(destination.Name, options.ClaimDuration, stopping) is { } export)
                {
                    running.Add(ExportAsync(export, asked));
                }
                else
                {
                    await destination.Pause.WaitAsync(options.PollInterval, stopping);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // Nothing more is claimed.
            }
            catch (Exception exception)
            {
                // An unavailable database may come back, and due exports stay due.
                ExportLog.LedgerFailed(logger, exception, s_afterFailure);
                await Task.Delay(s_afterFailure, timeProvider, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(running);

        async Task ExportAsync(ExportEntry first, long claimed)
        {
            for (ExportEntry? next = first; next is { } export;)
            {
                (TimeSpan? wait, next, claimed) = await run.RunAsync(export, claimed, destination, () => !stopping.IsCancellationRequested && RestOf(destination) <= TimeSpan.Zero, draining);
                if (wait is not null)
                {
                    destination.Pause.For(wait.Value);
                }
            }
        }
    }

    /// <summary>Returns how long nothing is exported to a destination: until its window opens, or its pause ends.</summary>
    private TimeSpan RestOf(ExportDestination destination)
    {
        TimeSpan closed = destination.Pace.ClosedFor(timeProvider.GetUtcNow());
        TimeSpan left = destination.Pause.Left;
        return closed > left ? closed : left;
    }
}
