namespace AssetCompute.Client.Http.Throttling;

/// <summary>
/// The queue of one account's callers that wait until the law allows their calls: first the returning calls, then the others, in order. It uses one timer and
/// no thread.
/// </summary>
internal sealed class ThrottleQueue : IDisposable
{
    private readonly object _lock = new();
    private readonly ThrottleLaw _law;
    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private readonly ITimer _timer;

    // Accessed under the lock. Continuations of waiters run elsewhere.
    private readonly LinkedList<TaskCompletionSource<int>> _returning = new();
    private readonly LinkedList<TaskCompletionSource<int>> _new = new();
    private double _timerAt = double.PositiveInfinity;
    private bool _isDisposed;

    public ThrottleQueue(ThrottleLaw law, TimeProvider timeProvider)
    {
        _law = law;
        _timeProvider = timeProvider;
        _start = timeProvider.GetTimestamp();

        // The timer outlives the call that creates it, and must not keep that call's context.
        using AsyncFlowControl? noContext = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        _timer = timeProvider.CreateTimer(static queue => ((ThrottleQueue)queue!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private double Now => _timeProvider.GetElapsedTime(_start).TotalSeconds;

    private int Waiting => _returning.Count + _new.Count;

    /// <summary>Waits until a call may be sent. The caller reports its outcome with <see cref="Tell"/>.</summary>
    /// <param name="comesBack">Whether the call was sent before. Its caller has then waited longer than others.</param>
    /// <param name="cancellationToken">Ends the wait immediately.</param>
    /// <returns>The epoch in which the call is sent.</returns>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public async ValueTask<int> EnterAsync(bool comesBack, CancellationToken cancellationToken)
    {
        TaskCompletionSource<int> waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
        LinkedListNode<TaskCompletionSource<int>> place;
        lock (_lock)
        {
            if (_isDisposed)
            {
                throw ClientIsDisposed();
            }

            if (Waiting == 0 && _law.TryLeave(Now, othersWait: false, out int epoch, out _))
            {
                return epoch;
            }

            place = (comesBack ? _returning : _new).AddLast(waiter);
            LetLeave();
        }

        using (cancellationToken.Register(GiveUp))
        {
            return await waiter.Task.ConfigureAwait(false);
        }

        void GiveUp()
        {
            lock (_lock)
            {
                // No longer in the queue: the call may be sent, and is canceled when it is sent.
                if (place.List is not { } queue)
                {
                    return;
                }

                queue.Remove(place);
            }

            waiter.TrySetCanceled(cancellationToken);
        }
    }

    /// <summary>Reports an outcome or changed options to the law, and releases the calls that may be sent now.</summary>
    /// <param name="tell">Called with the law and the time, under the lock.</param>
    public void Tell(Action<ThrottleLaw, double> tell)
    {
        lock (_lock)
        {
            tell(_law, Now);
            LetLeave();
        }
    }

    public bool IsDisposed()
    {
        lock (_lock)
        {
            return _isDisposed;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer.Dispose();
            foreach (TaskCompletionSource<int> waiter in _returning.Concat(_new))
            {
                waiter.TrySetException(ClientIsDisposed());
            }

            _returning.Clear();
            _new.Clear();
        }
    }

    private static ObjectDisposedException ClientIsDisposed() => new(nameof(AssetComputeClient));

    // Called under the lock.
    private void LetLeave()
    {
        while (!_isDisposed && Waiting > 0)
        {
            if (!_law.TryLeave(Now, othersWait: Waiting > 1, out int epoch, out double? askAgainAt))
            {
                SetTimer(askAgainAt);
                return;
            }

            LinkedList<TaskCompletionSource<int>> queue = _returning.Count > 0 ? _returning : _new;
            TaskCompletionSource<int> first = queue.First!.Value;
            queue.RemoveFirst();
            first.TrySetResult(epoch);
        }
    }

    // Called under the lock.
    private void SetTimer(double? at)
    {
        if (at is { } due && due < _timerAt)
        {
            _timerAt = due;

            // Timers use whole milliseconds. A timer that fires early would only be set again.
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((due - Now) * 1000))), Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            _timerAt = double.PositiveInfinity;
            LetLeave();
        }
    }
}
