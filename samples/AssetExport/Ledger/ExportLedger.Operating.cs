namespace AssetExport;

/// <summary>Changes by operators and schedules.</summary>
internal sealed partial class ExportLedger
{
    /// <summary>Makes a failed, waiting or scheduled export due before all others, with all its attempts available.</summary>
    /// <returns>False if the export does not exist.</returns>
    public Task<bool> RetryAsync(string id, string? by, CancellationToken cancellationToken) =>
        ChangeAsync(LedgerStatements.Retry, new { id, reason = (string?)null, due = 0L, now = Now, what = "retried", by }, cancellationToken);

    /// <summary>Makes all failed exports of a destination due, after the waiting ones, with all their attempts available.</summary>
    /// <returns>False if there are none.</returns>
    public Task<bool> RetryFailedAsync(string destination, string? by, CancellationToken cancellationToken) =>
        ChangeAsync(LedgerStatements.RetryFailed, new { destination, reason = (string?)null, due = Now, now = Now, what = "retried", by }, cancellationToken);

    /// <summary>Skips a failed, waiting or scheduled export. It is exported if the asset is published again.</summary>
    public Task<bool> SkipAsync(string id, string? by, CancellationToken cancellationToken) =>
        ChangeAsync(LedgerStatements.Skip, new { id, now = Now, what = "skipped", by, reason = by is null ? "Skipped manually." : $"Skipped by {by}." }, cancellationToken);

    /// <summary>Repeats an export, even one that succeeded.</summary>
    /// <returns>False if the export does not exist or is in progress.</returns>
    public Task<bool> RepeatAsync(string id, CancellationToken cancellationToken) =>
        ChangeAsync(LedgerStatements.Repeat, new { id, reason = "It is exported again.", due = Now, now = Now, what = "repeated", by = (string?)null }, cancellationToken);

    /// <summary>Pauses exports to a destination in all instances, until it is resumed. Exports in progress are completed.</summary>
    /// <returns>False if it is paused already.</returns>
    public Task<bool> PauseAsync(string destination, string? by, CancellationToken cancellationToken) => ChangeAsync(LedgerStatements.Pause, new { destination, now = Now, by }, cancellationToken);

    /// <returns>False if it is not paused.</returns>
    public Task<bool> ResumeAsync(string destination, string? by, CancellationToken cancellationToken) => ChangeAsync(LedgerStatements.Resume, new { destination, now = Now, by }, cancellationToken);

    /// <summary>Makes scheduled exports due, oldest first, if it is time for the run. One instance does so, once for all missed runs; none in a pause.</summary>
    /// <returns>The number of exports, or null if it is not time yet; and the time of the next run.</returns>
    internal async Task<(int? Released, DateTimeOffset Next)> ReleaseBatchAsync(string destination, Pace pace, CancellationToken cancellationToken)
    {
        DateTimeOffset time = timeProvider.GetUtcNow();
        (int? Released, DateTimeOffset Next) run = await database.InTransactionAsync<(int?, DateTimeOffset)>(
            $"batch {destination}",
            async transaction =>
            {
                DestinationState? state = (await transaction.QueryAsync<DestinationState>(LedgerStatements.Destinations, null)).SingleOrDefault(state => state.Name == destination);
                bool isKnown = state?.Pace == pace.ToString() && state.NextRunAt is not null;
                if (isKnown && state!.NextRunAt > time)
                {
                    return (null, state.NextRunAt.Value);
                }

                DateTimeOffset next = pace.NextRun(time);
                await transaction.ExecuteAsync(LedgerStatements.SetNextRun, new { destination, pace = pace.ToString(), next = next.ToUnixTimeMilliseconds() });
                int? released = !isKnown ? null : state!.PausedAt is not null ? 0 : await transaction.ExecuteAsync(LedgerStatements.ReleaseBatch, new { destination, now = Now, max = pace.MaxPerRun });
                return (released, next);
            },
            cancellationToken);
        if (run.Released > 0)
        {
            Due?.Invoke(this, EventArgs.Empty);
        }

        return run;
    }

    private async Task<bool> ChangeAsync(string statements, object values, CancellationToken cancellationToken)
    {
        int changed = await database.InTransactionAsync(null, transaction => transaction.ExecuteAsync(statements, values), cancellationToken);
        Due?.Invoke(this, EventArgs.Empty);
        return changed > 0;
    }
}
