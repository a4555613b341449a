namespace AssetExport;

/// <summary>
/// The claim of an export that this instance holds, renewed until it is given back. Whoever works under it stops when <see cref="Lost"/> is cancelled: at the latest when a
/// third of the claim is left by this process's own steady clock, whatever the database says or does not say; for then another instance, whose clock is ahead by up to a
/// third, may take it over.
/// </summary>
internal sealed class ExportClaim : IAsyncDisposable
{
    private readonly ExportLedger _ledger;
    private readonly ExportEntry _export;
    private readonly TimeSpan _duration;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _done = new();
    private readonly ITimer _end;
    private readonly Task _renewing;

    /// <param name="ledger">The ledger.</param>
    /// <param name="export">What is claimed.</param>
    /// <param name="claimed">The timestamp of the clock from before the ledger was asked for it.</param>
    /// <param name="duration">For how long it was claimed, and is each time.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Is told what cannot be renewed.</param>
    /// <param name="draining">Cancelled when the work must end for another reason.</param>
    public ExportClaim(ExportLedger ledger, ExportEntry export, long claimed, TimeSpan duration, TimeProvider timeProvider, ILogger logger, CancellationToken draining)
    {
        _ledger = ledger;
        _export = export;
        _duration = duration;
        _timeProvider = timeProvider;
        _logger = logger;
        _lost = CancellationTokenSource.CreateLinkedTokenSource(draining);
        Lost = _lost.Token;
        _end = timeProvider.CreateTimer(static state => Cancel((CancellationTokenSource)state!), _lost, LeftSince(claimed), Timeout.InfiniteTimeSpan);
        _renewing = RenewAsync();
    }

    /// <summary>Cancelled when the claim is lost, or the work must end.</summary>
    public CancellationToken Lost { get; }

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await _renewing;
        await _end.DisposeAsync();
        _done.Dispose();
        _lost.Dispose();
    }

    private async Task RenewAsync()
    {
        TimeSpan wait = _duration / 3;
        try
        {
            while (true)
            {
                await Task.Delay(wait, _timeProvider, _done.Token);
                long asked = _timeProvider.GetTimestamp();
                try
                {
                    if (!await AskAsync())
                    {
                        Cancel(_lost);
                        return;
                    }

                    _end.Change(LeftSince(asked), Timeout.InfiniteTimeSpan);
                    wait = _duration / 3;
                }
                catch (Exception exception) when (!_done.IsCancellationRequested)
                {
                    // Until the end comes there is time for another try or two.
                    wait = _duration / 12;
                    ExportLog.NotRenewed(_logger, exception, _export.Path, _export.Destination);
                }
            }
        }
        catch (Exception) when (_done.IsCancellationRequested)
        {
            // The export is settled: what became of the last renewal does not matter any more.
        }
    }

    private async Task<bool> AskAsync()
    {
        // A call that hangs must not keep another one from being made.
        using CancellationTokenSource limit = new(_duration / 3, _timeProvider);
        using CancellationTokenSource call = CancellationTokenSource.CreateLinkedTokenSource(_done.Token, limit.Token);
        return await _ledger.RenewAsync(_export, _duration, call.Token);
    }

    private TimeSpan LeftSince(long asked)
    {
        TimeSpan left = (_duration * (2.0 / 3)) - _timeProvider.GetElapsedTime(asked);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The timer fired while the claim was given back.
        }
    }
}
