namespace AssetExport;

/// <summary>Waits until this process has put something into the ledger, or a time is over.</summary>
internal sealed class WakeUp : IDisposable
{
    private readonly ExportLedger _ledger;
    private TaskCompletionSource _called = New();

    public WakeUp(ExportLedger ledger)
    {
        _ledger = ledger;
        _ledger.Due += OnDue;
    }

    /// <summary>Returns at once where something came since the last wait.</summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        try
        {
            await _called.Task.WaitAsync(longest, timeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Nobody called: time to look for what other instances have left.
        }

        Interlocked.Exchange(ref _called, New());
    }

    public void Dispose() => _ledger.Due -= OnDue;

    private void OnDue(object? sender, EventArgs e) => Volatile.Read(ref _called).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
