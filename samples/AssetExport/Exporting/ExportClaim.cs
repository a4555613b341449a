namespace AssetExport;

/// <summary>The claim on an export, renewed until it is disposed.</summary>
/// <remarks>It is lost at the latest when a third of it is left, because the clock of the instance that takes over may be ahead by as much.</remarks>
internal sealed class ExportClaim : IAsyncDisposable
{
    private readonly TimeSpan _duration;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _done = new();
    private readonly Task _renewing;

    /// <param name="claimed">The timestamp from before the claim was requested from the ledger.</param>
    /// <param name="draining">Canceled when the work must stop for another reason.</param>
    public ExportClaim(ExportLedger ledger, ExportEntry export, long claimed, TimeSpan duration, TimeProvider timeProvider, ILogger logger, CancellationToken draining)
    {
        _duration = duration;
        _timeProvider = timeProvider;
        _end = new CancellationTokenSource(LeftSince(claimed), timeProvider);
        _lost = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, draining);
        _renewing = RenewAsync(ledger, export, logger);
    }

    /// <summary>Canceled when the claim is lost, or the work must stop.</summary>
    public CancellationToken Lost => _lost.Token;

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _renewing;
        _lost.Dispose();
        _end.Dispose();
        _done.Dispose();
    }

    private async Task RenewAsync(ExportLedger ledger, ExportEntry export, ILogger logger)
    {
        // There is time for three more attempts before the end.
        using PeriodicTimer timer = new(_duration / 6, _timeProvider);
        await using CancellationTokenRegistration end = _done.Token.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            long asked = _timeProvider.GetTimestamp();
            try
            {
                // A call that hangs must not prevent the next one.
                using CancellationTokenSource limit = new(_duration / 3, _timeProvider);
                using CancellationTokenSource call = CancellationTokenSource.CreateLinkedTokenSource(_done.Token, limit.Token);
                if (!await ledger.RenewAsync(export, _duration, call.Token))
                {
                    await _lost.CancelAsync();
                    return;
                }

                _end.CancelAfter(LeftSince(asked));
            }
            catch (Exception exception)
            {
                // If the export is settled, the last renewal does not matter.
                if (!_done.IsCancellationRequested)
                {
                    ExportLog.NotRenewed(logger, exception, export.Path, export.Destination);
                }
            }
        }
    }

    private TimeSpan LeftSince(long asked) => (_duration * (2.0 / 3)) - _timeProvider.GetElapsedTime(asked) is { Ticks: > 0 } left ? left : TimeSpan.Zero;
}
