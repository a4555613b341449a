namespace AssetCompute.Client.Http.Throttling;

/// <summary>The callers of one account that wait until the law allows their calls: first the returning calls, then the others, in order.</summary>
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

    public ThrottleQueue(ThrottleLaw law, TimeProvider timeProvider)
    {
        _law = law;
        _timeProvider = timeProvider;
        _start = timeProvider.GetTimestamp();

        // The timer outlives the call that creates it, and must not keep that call's context.
        using AsyncFlowControl? noContext = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        _timer = timeProvider.CreateTimer(static queue => ((ThrottleQueue)queue!).Tell(static (_, _) => { }), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>True after the client was disposed.</summary>
    public bool IsDisposed { get; private set; }

    private double Now => _timeProvider.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Waits until a call may be sent. The caller reports its outcome with <see cref="Tell"/>.</summary>
    /// <param name="comesBack">Whether the call was sent before. Its caller has then waited longer than others.</param>
    /// <param name="cancellationToken">Ends the wait immediately.</param>
    /// <returns>The epoch in which the call is sent.</returns>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public Task<int> EnterAsync(bool comesBack, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (IsDisposed)
            {
                throw ClientIsDisposed();
            }

            var place = (comesBack ? _returning : _new).AddLast(new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously));
            LetLeave();
            return place.List is null ? place.Value.Task : WaitAsync(place, cancellationToken);
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

    public void Dispose()
    {
        lock (_lock)
        {
            IsDisposed = true;
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

    private async Task<int> WaitAsync(LinkedListNode<TaskCompletionSource<int>> place, CancellationToken cancellationToken)
    {
        using (cancellationToken.Register(GiveUp))
        {
            return await place.Value.Task.ConfigureAwait(false);
        }

        void GiveUp()
        {
            lock (_lock)
            {
                // No longer in the queue: the call may be sent, and is canceled when it is sent.
                if (place.List is { } queue)
                {
                    queue.Remove(place);
                    place.Value.TrySetCanceled(cancellationToken);
                }
            }
        }
    }

    // Called under the lock.
    private void LetLeave()
    {
        double? askAgainAt = null;
        while ((_returning.First ?? _new.First) is { } first && _law.TryLeave(Now, othersWait: _returning.Count + _new.Count > 1, out int epoch, out askAgainAt))
        {
            first.List!.Remove(first);
            first.Value.TrySetResult(epoch);
        }

        if (askAgainAt is { } due)
        {
            // Timers use whole milliseconds. A timer that fires early would only be set again.
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((due - Now) * 1000))), Timeout.InfiniteTimeSpan);
        }
    }
}
