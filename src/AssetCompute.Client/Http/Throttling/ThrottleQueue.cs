namespace AssetCompute.Client.Http.Throttling;

/// <summary>
/// The callers of one account that wait until the law lets them leave: first those that come back, then the others, in order. One timer, no thread.
/// </summary>
internal sealed class ThrottleQueue : IDisposable
{
    private readonly object _lock = new();
    private readonly ThrottleLaw _law;
    private readonly TimeProvider _timeProvider;
    private readonly long _start;
    private readonly ITimer _timer;

    // Under the lock.
    private readonly LinkedList<Waiter> _returning = new();
    private readonly LinkedList<Waiter> _new = new();
    private double _timerAt = double.PositiveInfinity;
    private bool _isDisposed;

    public ThrottleQueue(ThrottleLaw law, TimeProvider timeProvider)
    {
        _law = law;
        _timeProvider = timeProvider;
        _start = timeProvider.GetTimestamp();
        _timer = CreateTimer();
    }

    private double Now => _timeProvider.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Waits until a call may leave. Its outcome must be told by <see cref="Tell"/>.</summary>
    /// <param name="comesBack">Whether the call has left before: its caller has waited longer than others.</param>
    /// <param name="cancellationToken">Ends the wait at once.</param>
    /// <returns>The epoch in which the call leaves.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public ValueTask<int> EnterAsync(bool comesBack, CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_lock)
        {
            if (_isDisposed)
            {
                throw ClientIsDisposed();
            }

            if (_returning.Count + _new.Count == 0 && _law.TryLeave(Now, othersWait: false, out int epoch, out _))
            {
                return new ValueTask<int>(epoch);
            }

            waiter = new Waiter(this, comesBack ? _returning : _new, cancellationToken);
            LetLeave();
        }

        return new ValueTask<int>(waiter.WaitAsync());
    }

    /// <summary>Tells the law of an outcome or of changed options, and lets the calls leave that may leave now.</summary>
    /// <param name="tell">Gets the law and the time, under the lock.</param>
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
            _isDisposed = true;
            _timer.Dispose();
            foreach (Waiter waiter in _returning.Concat(_new))
            {
                waiter.TrySetException(ClientIsDisposed());
            }

            _returning.Clear();
            _new.Clear();
        }
    }

    private static ObjectDisposedException ClientIsDisposed() => new(nameof(AssetComputeClient));

    // Under the lock.
    private void LetLeave()
    {
        while (!_isDisposed && _returning.Count + _new.Count > 0)
        {
            if (!_law.TryLeave(Now, othersWait: _returning.Count + _new.Count > 1, out int epoch, out double? askAgainAt))
            {
                SetTimer(askAgainAt);
                return;
            }

            LinkedList<Waiter> queue = _returning.Count > 0 ? _returning : _new;
            Waiter first = queue.First!.Value;
            queue.RemoveFirst();
            first.TrySetResult(epoch);
        }
    }

    // Under the lock.
    private void SetTimer(double? at)
    {
        if (at is { } due && due < _timerAt)
        {
            _timerAt = due;

            // Whole milliseconds, rounded up: that is what timers have, and one that fires early would only be set again.
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((due - Now) * 1000))), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>The timer outlives the call that happens to make it, and must not keep that call's context.</summary>
    private ITimer CreateTimer()
    {
        AsyncFlowControl? suppressed = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        try
        {
            return _timeProvider.CreateTimer(static queue => ((ThrottleQueue)queue!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            suppressed?.Undo();
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

    private void GiveUp(Waiter waiter)
    {
        lock (_lock)
        {
            // Out of the queue already: the call may leave, and finds its cancellation where it is sent.
            if (waiter.Place.List is not { } queue)
            {
                return;
            }

            queue.Remove(waiter.Place);
        }

        waiter.TrySetCanceled(waiter.CancellationToken);
    }

    /// <summary>A caller that waits. Its continuation runs elsewhere, never under the lock.</summary>
    private sealed class Waiter : TaskCompletionSource<int>
    {
        private readonly ThrottleQueue _queue;

        public Waiter(ThrottleQueue queue, LinkedList<Waiter> list, CancellationToken cancellationToken)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            _queue = queue;
            CancellationToken = cancellationToken;
            Place = list.AddLast(this);
        }

        public LinkedListNode<Waiter> Place { get; }

        public CancellationToken CancellationToken { get; }

        public async Task<int> WaitAsync()
        {
            using (CancellationToken.Register(static waiter => ((Waiter)waiter!)._queue.GiveUp((Waiter)waiter), this))
            {
                return await Task.ConfigureAwait(false);
            }
        }
    }
}
