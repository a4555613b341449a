namespace AssetExport;

/// <summary>What operators and schedules change.</summary>
public sealed partial class ExportLedger
{
    /// <summary>Makes an export that failed, waits or is scheduled due at once, with all its attempts.</summary>
    /// <param name="id">The export.</param>
    /// <param name="by">The operator; null if unknown.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>False if there is no such export.</returns>
    public Task<bool> RetryAsync(string id, string? by, CancellationToken cancellationToken) => ChangeAsync(LedgerStatements.Retry, new { id, now = Now, what = "retried", by }, LedgerStatements.RememberOne, cancellationToken);

    /// <summary>Makes all failed exports of a destination due, after what waits, with all their attempts.</summary>
    /// <inheritdoc cref="PauseAsync"/>
    /// <returns>How many.</returns>
    public async Task<int> RetryFailedAsync(string destination, string? by, CancellationToken cancellationToken)
    {
        var values = new { destination, now = Now, by };
        int retried = await database.InTransactionAsync(
            null,
            async transaction =>
            {
                await transaction.ExecuteAsync(LedgerStatements.RememberFailed, values);
                return await transaction.ExecuteAsync(LedgerStatements.RetryFailed, values);
            },
            cancellationToken);
        Due?.Invoke(this, EventArgs.Empty);
        return retried;
    }

    /// <summary>Skips an export that failed, waits or is scheduled. It is exported if the asset is published again.</summary>
    /// <inheritdoc cref="RetryAsync"/>
    public Task<bool> SkipAsync(string id, string? by, CancellationToken cancellationToken) =>
        ChangeAsync(LedgerStatements.Skip, new { id, now = Now, what = "skipped", by, reason = by is null ? "Skipped by hand." : $"Skipped by {by}." }, LedgerStatements.RememberOne, cancellationToken);

    /// <summary>Repeats an export, even one that succeeded.</summary>
    /// <returns>False if there is no such export, or it is under way.</returns>
    public Task<bool> RepeatAsync(string id, CancellationToken cancellationToken) =>
        ChangeAsync(LedgerStatements.Repeat, new { id, now = Now, what = "repeated", by = (string?)null }, LedgerStatements.RememberOne, cancellationToken);

    /// <summary>Stops exports to a destination in all instances, until it is resumed. What is under way ends.</summary>
    /// <param name="destination">The destination.</param>
    /// <param name="by">The operator; null if unknown.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>False if it is paused already.</returns>
    public Task<bool> PauseAsync(string destination, string? by, CancellationToken cancellationToken) => ChangeAsync(LedgerStatements.Pause, new { destination, now = Now, by }, null, cancellationToken);

    /// <summary>Resumes exports to a destination.</summary>
    /// <inheritdoc cref="PauseAsync"/>
    /// <returns>False if it is not paused.</returns>
    public Task<bool> ResumeAsync(string destination, string? by, CancellationToken cancellationToken) => ChangeAsync(LedgerStatements.Resume, new { destination, now = Now, by }, null, cancellationToken);

    /// <summary>Makes scheduled exports of a destination due, the oldest first, if its run has come: in whichever instance, and once if several runs were missed. A run while it is paused makes none due.</summary>
    /// <returns>How many, null if it is not time yet; and when the next run is.</returns>
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

    private async Task<bool> ChangeAsync(string statement, object values, string? remember, CancellationToken cancellationToken)
    {
        bool changed = await database.InTransactionAsync(
            null,
            async transaction =>
            {
                bool changed = await transaction.ExecuteAsync(statement, values) > 0;
                if (changed && remember is not null)
                {
                    await transaction.ExecuteAsync(remember, values);
                }

                return changed;
            },
            cancellationToken);
        Due?.Invoke(this, EventArgs.Empty);
        return changed;
    }
}
