namespace AssetCompute.Client.Inbox;

/// <summary>Queued work of a <see cref="BatchQueue{TWork, TResult}"/>, and its result.</summary>
internal sealed class BatchItem<TWork, TResult>(TWork work)
{
    private readonly TaskCompletionSource<TResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _started;

    public TWork Work => work;

    public bool IsCancelled => _done.Task.IsCanceled;

    /// <summary>Marks the work as started. After this it cannot be canceled.</summary>
    /// <returns>False if it was canceled before.</returns>
    public bool TryStart() => Interlocked.Exchange(ref _started, 1) == 0;

    public void Complete(TResult result) => _done.TrySetResult(result);

    public void Fail(Exception exception)
    {
        // Observed here in case the caller no longer waits.
        _done.TrySetException(exception);
        _ = _done.Task.Exception;
    }

    public async Task<TResult> WaitAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                BatchItem<TWork, TResult> item = (BatchItem<TWork, TResult>)state!;
                if (item.TryStart())
                {
                    item._done.TrySetCanceled(token);
                }
            },
            this);
        return await _done.Task.ConfigureAwait(false);
    }
}
