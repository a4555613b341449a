namespace AssetExport;

/// <summary>Processes an export from its claim until its result is in the ledger, and renews the claim in the meantime.</summary>
internal sealed class ExportRun(ExportLedger ledger, AssetExporter exporter, AemAuthor author, ExportRules rules, ExportOptions options, TimeProvider timeProvider, ILogger<ExportRun> logger)
{
    /// <summary>Exports a claimed entry. Records any error in the ledger and does not throw.</summary>
    /// <param name="claimed">The timestamp from before the claim.</param>
    /// <param name="claimsNext">Whether to claim the next export to the destination when this one is complete.</param>
    /// <param name="draining">Cancelled when the application stops and the time to drain is over.</param>
    /// <returns>How long the destination asks to wait, null if it does not; and the next claimed entry, with the timestamp from before its claim.</returns>
    public async Task<(TimeSpan? Wait, ExportEntry? Next, long Claimed)> RunAsync(ExportEntry export, long claimed, ExportDestination destination, Func<bool> claimsNext, CancellationToken draining)
    {
        await using ExportClaim claim = new(ledger, export, claimed, options.ClaimDuration, timeProvider, logger, draining);
        Exception? failure = null;
        (long Bytes, string Location) result = default;
        try
        {
            if (export.Attempts > options.MaxAttempts)
            {
                throw new DestinationRefusedException("The last attempt ended with its process.");
            }

            AssetMetadata metadata = await ReadMetadataAsync(export, claim.Lost);
            result = await exporter.ExportAsync(export, destination, metadata, claim.Lost);
        }
        catch (Exception exception)
        {
            // Any error ends this attempt, but not the application.
            failure = exception;
        }

        ExportEntry? next = null;
        long asked = timeProvider.GetTimestamp();
        try
        {
            (bool isOwn, next) = failure is null
                ? await ledger.CompleteAndClaimAsync(export, result.Bytes, result.Location, claimsNext() ? options.ClaimDuration : null, CancellationToken.None)
                : (await SettleAsync(export, failure, claim.Lost.IsCancellationRequested, draining), null);
            if (!isOwn)
            {
                ExportLog.Lost(logger, export.Path, export.Destination);
            }
            else if (failure is null)
            {
                ExportLog.Exported(logger, export.Path, export.Destination, result.Bytes, export.Attempts);
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
        AssetMetadata now = await author.GetMetadataAsync(export.Path, cancellationToken) ?? throw new OutdatedExportException(PlanReasons.Gone);
        if (!rules.Decide(export.Path, now).Destinations.Contains(export.Destination, StringComparer.Ordinal))
        {
            throw new OutdatedExportException(PlanReasons.NotNamed);
        }

        if (Differ(now.Sha1, export.Sha1) || Differ(now.Size, export.Size))
        {
            throw new OutdatedExportException(PlanReasons.Changed);
        }

        return now;

        // An unknown value is not a difference.
        static bool Differ<T>(T now, T planned) => now is not null && planned is not null && !now.Equals(planned);
    }

    private async Task<bool> SettleAsync(ExportEntry export, Exception failure, bool isCancelled, CancellationToken draining)
    {
        if (draining.IsCancellationRequested)
        {
            return await ledger.PutOffAsync(export, TimeSpan.Zero, "The application stopped before it was done.", PutOffKind.Stopped, CancellationToken.None);
        }

        if (isCancelled && failure is OperationCanceledException)
        {
            // The claim could not be renewed in time. Whichever instance has the export by now keeps it.
            return await ledger.PutOffAsync(export, TimeSpan.Zero, "The claim could not be renewed in time.", PutOffKind.Failed, CancellationToken.None);
        }

        string reason = failure is AemException or DestinationBusyException or DestinationRefusedException or OutdatedExportException or IOException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}";
        if (failure is DestinationRefusedException)
        {
            return await FailAsync(export, failure, reason);
        }

        if (Busy.WaitOf(failure) is { } wait)
        {
            return await PutOffBusyAsync(export, failure, wait, reason);
        }

        if (export.Attempts < options.MaxAttempts)
        {
            TimeSpan delay = options.DelayAfter(export.Attempts);
            ExportLog.TryingAgain(logger, failure, export.Path, export.Destination, export.Attempts, delay);
            return await ledger.PutOffAsync(export, delay, reason, PutOffKind.Failed, CancellationToken.None);
        }

        // An AEM instance that is starting, or a node that is behind, may return this too, so the answer counts only if it is repeated.
        return failure is OutdatedExportException
            ? await ledger.EndAsync(export, ExportState.Skipped, reason, CancellationToken.None)
            : await FailAsync(export, failure, reason);
    }

    /// <summary>Delays an export. The delays grow, because an error that affects only one asset must not be retried at every turn.</summary>
    private async Task<bool> PutOffBusyAsync(ExportEntry export, Exception failure, TimeSpan wait, string reason)
    {
        TimeSpan since = export.BusySince is { } start ? timeProvider.GetUtcNow() - start : TimeSpan.Zero;
        if (since >= options.MaxBusyTime)
        {
            return await FailAsync(export, failure, $"{reason} It has been put off since {export.BusySince:u}.");
        }

        TimeSpan longer = since / 4 < options.MaxRetryDelay ? since / 4 : options.MaxRetryDelay;
        TimeSpan delay = wait > longer ? wait : longer;
        ExportLog.Busy(logger, export.Path, export.Destination, delay, reason);
        return await ledger.PutOffAsync(export, delay, reason, PutOffKind.Busy, CancellationToken.None);
    }

    private Task<bool> FailAsync(ExportEntry export, Exception failure, string reason)
    {
        ExportLog.Failed(logger, failure, export.Path, export.Destination, export.Attempts);
        return ledger.EndAsync(export, ExportState.Failed, reason, CancellationToken.None);
    }
}
