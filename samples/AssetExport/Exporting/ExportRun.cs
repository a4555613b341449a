namespace AssetExport;

/// <summary>Processes an export from its claim until its result is in the ledger, and renews the claim in the meantime.</summary>
internal sealed class ExportRun(ExportLedger ledger, AssetExporter exporter, AemAuthor author, ExportRules rules, ExportOptions options, TimeProvider timeProvider, ILogger<ExportRun> logger)
{
    /// <summary>Exports a claimed entry. Records any error in the ledger and does not throw.</summary>
    /// <param name="claimsNext">Whether to claim the next export to the destination when this one is complete.</param>
    /// <param name="draining">Canceled when the application stops and the time to drain is over.</param>
    /// <returns>How long the destination asks to wait, null if it does not; and the next claimed entry, with the timestamp from before its claim.</returns>
    public async Task<(TimeSpan? Wait, ExportEntry? Next, long Claimed)> RunAsync(ExportEntry export, long claimed, ExportDestination destination, Func<bool> claimsNext, CancellationToken draining)
    {
        await using ExportClaim claim = new(ledger, export, claimed, options.ClaimDuration, timeProvider, logger, draining);
        Exception? failure = null;
        ExportOutcome outcome;
        try
        {
            if (export.Attempts > options.MaxAttempts)
            {
                throw new DestinationRefusedException("The process ended during the last attempt.");
            }

            AssetMetadata metadata = await ReadMetadataAsync(export, claim.Lost);
            (long bytes, string location) = await exporter.ExportAsync(export, destination, metadata, claim.Lost);
            outcome = new ExportOutcome(ExportState.Exported, Bytes: bytes, Location: location);
        }
        catch (Exception exception)
        {
            // Any error ends this attempt, but not the application.
            failure = exception;
            outcome = OutcomeOf(export, failure, claim.Lost.IsCancellationRequested, draining);
        }

        ExportEntry? next = null;
        long asked = timeProvider.GetTimestamp();
        try
        {
            (bool isOwn, next) = await ledger.SettleAsync(export, outcome, failure is null && claimsNext() ? options.ClaimDuration : null, CancellationToken.None);
            if (!isOwn)
            {
                ExportLog.Lost(logger, export.Path, export.Destination);
            }
            else if (failure is null)
            {
                ExportLog.Exported(logger, export.Path, export.Destination, outcome.Bytes!.Value, export.Attempts);
            }
        }
        catch (Exception exception)
        {
            // The claim expires, and the export is repeated.
            ExportLog.NotSettled(logger, exception, export.Path, export.Destination);
        }

        return ((failure as DestinationBusyException)?.RetryAfter, next, asked);
    }

    /// <summary>Reads the metadata again, because the export may have waited. New content in AEM has its own event, and may not be published yet.</summary>
    private async Task<AssetMetadata> ReadMetadataAsync(ExportEntry export, CancellationToken cancellationToken)
    {
        AssetMetadata? now = await author.GetMetadataAsync(export.Path, cancellationToken);
        string? outdated = now is null ? PlanReasons.Gone
            : !rules.Decide(export.Path, now).Destinations.Contains(export.Destination, StringComparer.Ordinal) ? PlanReasons.NotNamed
            : Differ(now.Sha1, export.Sha1) || Differ(now.Size, export.Size) ? PlanReasons.Changed
            : null;
        return outdated is null ? now! : throw new OutdatedExportException(outdated);

        // An unknown value is not a difference.
        static bool Differ<T>(T now, T planned) => now is not null && planned is not null && !now.Equals(planned);
    }

    private ExportOutcome OutcomeOf(ExportEntry export, Exception failure, bool isCancelled, CancellationToken draining)
    {
        if (draining.IsCancellationRequested)
        {
            return new ExportOutcome(ExportState.Waiting, "The application stopped before the export was complete.", IsCounted: false);
        }

        if (isCancelled && failure is OperationCanceledException)
        {
            // The claim could not be renewed in time. Whichever instance has the export by now keeps it.
            return new ExportOutcome(ExportState.Waiting, "The claim could not be renewed in time.");
        }

        string reason = failure is AemException or DestinationBusyException or DestinationRefusedException or OutdatedExportException or IOException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}";
        bool isRefused = failure is DestinationRefusedException;
        if (!isRefused && Busy.WaitOf(failure) is { } wait)
        {
            TimeSpan since = export.BusySince is { } start ? timeProvider.GetUtcNow() - start : TimeSpan.Zero;
            if (since < options.MaxBusyTime)
            {
                // The delays grow, because an error that affects only one asset must not be retried at every turn.
                TimeSpan longer = since / 4 < options.MaxRetryDelay ? since / 4 : options.MaxRetryDelay;
                TimeSpan delay = wait > longer ? wait : longer;
                ExportLog.Busy(logger, export.Path, export.Destination, delay, reason);
                return new ExportOutcome(ExportState.Waiting, reason, delay, IsCounted: false, IsBusy: true);
            }

            reason = $"{reason} It has been postponed since {export.BusySince:u}.";
        }
        else if (!isRefused && export.Attempts < options.MaxAttempts)
        {
            TimeSpan delay = options.DelayAfter(export.Attempts);
            ExportLog.TryingAgain(logger, failure, export.Path, export.Destination, export.Attempts, delay);
            return new ExportOutcome(ExportState.Waiting, reason, delay);
        }
        else if (failure is OutdatedExportException)
        {
            // An AEM instance that is starting, or a node that is behind, may return this too, so the answer counts only if it is repeated.
            return new ExportOutcome(ExportState.Skipped, reason);
        }

        ExportLog.Failed(logger, failure, export.Path, export.Destination, export.Attempts);
        return new ExportOutcome(ExportState.Failed, reason);
    }
}
