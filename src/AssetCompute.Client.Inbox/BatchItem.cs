namespace AssetCompute.Client.Inbox;

/// <summary>Queued work of a <see cref="BatchQueue{TWork, TResult}"/>, and its result.</summary>
internal sealed class BatchItem<TWork, TResult>(TWork work) : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private int _started;

    public TWork Work => work;

    /// <summary>Marks the work as started. After this it cannot be canceled.</summary>
    /// <returns>False if it was canceled before.</returns>
    public bool TryStart() => Interlocked.Exchange(ref _started, 1) == 0;

    public void Fail(Exception exception)
    {
        // Observed here in case the caller no longer waits.
        TrySetException(exception);
        _ = Task.Exception;
    }

    public async Task<TResult> WaitAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                BatchItem<TWork, TResult> item = (BatchItem<TWork, TResult>)state!;
                if (item.TryStart())
                {
                    item.TrySetCanceled(token);
                }
            },
            this);
        return await Task.ConfigureAwait(false);
    }
}
