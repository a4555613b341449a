namespace AssetExport;

/// <summary>One export from the moment when it is claimed until the ledger knows what became of it; the claim is renewed meanwhile.</summary>
internal sealed class ExportRun(ExportLedger ledger, AssetExporter exporter, AemAuthor author, ExportRules rules, ExportOptions options, TimeProvider timeProvider, ILogger<ExportRun> logger)
{
    /// <summary>Exports what is claimed. Whatever goes wrong, the ledger is told; it does not throw.</summary>
    /// <param name="export">What is claimed.</param>
    /// <param name="claimed">The timestamp of the clock from before it was claimed.</param>
    /// <param name="destination">Where it is to go.</param>
    /// <param name="draining">Cancelled when the application stops and the time to drain is over.</param>
    /// <returns>For how long the destination wants to be left alone; null where it has not said so.</returns>
    public async Task<TimeSpan?> RunAsync(ExportEntry export, long claimed, ExportDestination destination, CancellationToken draining)
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
            // Whatever it is, it is the end of this attempt and not of the application.
            failure = exception;
        }

        try
        {
            bool isOwn = failure is null
                ? await ledger.CompleteAsync(export, result.Bytes, result.Location, CancellationToken.None)
                : await SettleAsync(export, failure, claim.Lost.IsCancellationRequested, draining);
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
            // The claim ends by itself, and the export is made again.
            ExportLog.NotSettled(logger, exception, export.Path, export.Destination);
        }

        return (failure as DestinationBusyException)?.RetryAfter;
    }

    /// <summary>
    /// It may have waited for long: for its batch, or for a destination. Where AEM has another content by now, the planned one can be had nowhere, and the other one is not
    /// necessarily published: its own event says when.
    /// </summary>
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

        // What is not known differs from nothing.
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
            // The ledger could not be told in time that it goes on; who has it by now keeps it.
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

        // What AEM says is believed when it goes on saying so: one that is just starting, or a node that is behind, may say it too.
        return failure is OutdatedExportException
            ? await ledger.EndAsync(export, ExportState.Skipped, reason, CancellationToken.None)
            : await FailAsync(export, failure, reason);
    }

    /// <summary>The longer it goes on, the longer are the waits: what only one asset is refused by must not be asked for at every turn.</summary>
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
