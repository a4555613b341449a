namespace AssetExport;

/// <summary>One export from the moment when it is claimed until the ledger knows what became of it; the claim is renewed meanwhile.</summary>
internal sealed class ExportRun(ExportLedger ledger, AssetExporter exporter, AemAuthor author, ExportOptions options, TimeProvider timeProvider, ILogger<ExportRun> logger)
{
    /// <summary>Exports what is claimed. Whatever goes wrong, the ledger is told; it does not throw.</summary>
    /// <param name="export">What is claimed.</param>
    /// <param name="destination">Where it is to go.</param>
    /// <param name="draining">Cancelled when the application stops and the time to drain is over.</param>
    /// <returns>For how long the destination wants to be left alone; null where it has not said so.</returns>
    public async Task<TimeSpan?> RunAsync(ExportEntry export, ExportDestination destination, CancellationToken draining)
    {
        using CancellationTokenSource exporting = CancellationTokenSource.CreateLinkedTokenSource(draining);
        using CancellationTokenSource done = new();
        Task renewing = RenewAsync(export, exporting, done.Token);
        Exception? failure = null;
        (long Bytes, string Location) result = default;
        try
        {
            if (export.Attempts > options.MaxAttempts)
            {
                throw new DestinationRefusedException("The last attempt ended with its process.");
            }

            result = await exporter.ExportAsync(export, destination, exporting.Token);
        }
        catch (Exception exception)
        {
            // Whatever it is, it is the end of this attempt and not of the application.
            failure = exception;
        }

        await done.CancelAsync();
        await renewing;
        try
        {
            bool isOwn = failure is null
                ? await ledger.CompleteAsync(export, result.Bytes, result.Location, CancellationToken.None)
                : await SettleAsync(export, failure, draining);
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

    private async Task<bool> SettleAsync(ExportEntry export, Exception failure, CancellationToken draining)
    {
        if (draining.IsCancellationRequested)
        {
            return await PutBackAsync(export);
        }

        string reason = failure is AemException or DestinationBusyException or DestinationRefusedException or IOException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}";
        AemException? aem = failure as AemException ?? failure.InnerException as AemException;
        if (failure is AssetChangedException || failure.InnerException is AssetChangedException || aem?.Status == System.Net.HttpStatusCode.NotFound)
        {
            return await SettleChangedAsync(export, reason, draining);
        }

        if (failure is DestinationBusyException busy)
        {
            ExportLog.Busy(logger, export.Path, export.Destination, busy.RetryAfter, reason);
            return await ledger.PutOffAsync(export, busy.RetryAfter, reason, isCounted: false, CancellationToken.None);
        }

        if (aem is { IsBusy: true })
        {
            TimeSpan wait = aem.RetryAfter ?? TimeSpan.FromSeconds(30);
            ExportLog.Busy(logger, export.Path, export.Destination, wait, reason);
            return await ledger.PutOffAsync(export, wait, reason, isCounted: false, CancellationToken.None);
        }

        if (failure is DestinationRefusedException || export.Attempts >= options.MaxAttempts)
        {
            ExportLog.Failed(logger, failure, export.Path, export.Destination, export.Attempts);
            return await ledger.EndAsync(export, ExportState.Failed, reason, CancellationToken.None);
        }

        TimeSpan delay = DelayAfter(export.Attempts);
        ExportLog.TryingAgain(logger, failure, export.Path, export.Destination, export.Attempts, delay);
        return await ledger.PutOffAsync(export, delay, reason, isCounted: true, CancellationToken.None);
    }

    /// <summary>
    /// Where AEM has another content by now, this one can be had nowhere, and the other one is not necessarily published: its own event says when. Where AEM has the same
    /// content, it was damaged on its way.
    /// </summary>
    private async Task<bool> SettleChangedAsync(ExportEntry export, string reason, CancellationToken draining)
    {
        try
        {
            AssetMetadata? now = await author.GetMetadataAsync(export.Path, draining);
            if (now is null)
            {
                return await ledger.EndAsync(export, ExportState.Skipped, "The asset is not in AEM any more, or the account may not read it.", CancellationToken.None);
            }

            if (now.Sha1 != export.Sha1 || now.Size != export.Size)
            {
                return await ledger.EndAsync(export, ExportState.Skipped, "The asset was changed in AEM since it was published. Its new content is exported when that is published.", CancellationToken.None);
            }
        }
        catch (AemException exception)
        {
            reason = $"{reason} {exception.Message}";
        }
        catch (OperationCanceledException) when (draining.IsCancellationRequested)
        {
            return await PutBackAsync(export);
        }

        return export.Attempts >= options.MaxAttempts
            ? await ledger.EndAsync(export, ExportState.Failed, reason, CancellationToken.None)
            : await ledger.PutOffAsync(export, DelayAfter(export.Attempts), reason, isCounted: true, CancellationToken.None);
    }

    private Task<bool> PutBackAsync(ExportEntry export) =>
        ledger.PutOffAsync(export, TimeSpan.Zero, "The application stopped before it was done.", isCounted: false, CancellationToken.None);

    private TimeSpan DelayAfter(int attempts)
    {
        double longest = Math.Min(options.MaxRetryDelay.TotalMilliseconds, options.RetryDelay.TotalMilliseconds * Math.Pow(2, Math.Min(attempts - 1, 30)));
        return TimeSpan.FromMilliseconds(longest * (0.75 + (Random.Shared.NextDouble() * 0.25)));
    }

    private async Task RenewAsync(ExportEntry export, CancellationTokenSource exporting, CancellationToken done)
    {
        long renewed = timeProvider.GetTimestamp();
        try
        {
            while (true)
            {
                await Task.Delay(options.ClaimDuration / 3, timeProvider, done);
                try
                {
                    long asked = timeProvider.GetTimestamp();
                    if (!await ledger.RenewAsync(export, options.ClaimDuration, done))
                    {
                        await exporting.CancelAsync();
                        return;
                    }

                    renewed = asked;
                }
                catch (Exception exception) when (!done.IsCancellationRequested)
                {
                    ExportLog.NotRenewed(logger, exception, export.Path, export.Destination);

                    // By now another instance may have it: two must not write at once.
                    if (timeProvider.GetElapsedTime(renewed) >= options.ClaimDuration * (2.0 / 3))
                    {
                        await exporting.CancelAsync();
                        return;
                    }
                }
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            // The export is done.
        }
    }
}
