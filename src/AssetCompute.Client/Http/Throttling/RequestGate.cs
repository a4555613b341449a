using System.Diagnostics.CodeAnalysis;

namespace AssetCompute.Client.Http.Throttling;

/// <summary>
/// The gate that all requests of one client pass, so that a refusal slows all of them. Callers wait in order, retried ones ahead of new
/// ones, and leave one by one.
/// </summary>
internal sealed class RequestGate : IDisposable
{
    private readonly object _lock = new();
    private readonly AdmissionPlan _plan;
    private readonly TimeProvider _timeProvider;
    private readonly long _start;

    // Under the lock.
    private readonly LinkedList<Waiter> _retried = new();
    private readonly LinkedList<Waiter> _new = new();
    private ITimer? _timer;
    private double _timerAt = double.PositiveInfinity;
    private bool _disposed;

    public RequestGate(AdmissionPlan plan, TimeProvider timeProvider)
    {
        _plan = plan;
        _timeProvider = timeProvider;
        _start = timeProvider.GetTimestamp();
    }

    private double Now => _timeProvider.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Requests a second that may leave now; null while no limit is known.</summary>
    public double? Rate
    {
        get
        {
            lock (_lock)
            {
                return _plan.Rate;
            }
        }
    }

    /// <summary>Waits until a request may leave. Whoever has entered must leave again, by one of the methods below.</summary>
    /// <param name="isRetry">Retried requests go ahead of new ones: their callers have waited longer.</param>
    /// <param name="cancellationToken">Ends the wait at once.</param>
    /// <returns>A number to leave with.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public ValueTask<int> EnterAsync(bool isRetry, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return new ValueTask<int>(Task.FromCanceled<int>(cancellationToken));
        }

        Waiter waiter;
        lock (_lock)
        {
            _ = _disposed ? throw new ObjectDisposedException(nameof(AssetComputeClient)) : true;
            LinkedList<Waiter> queue = isRetry ? _retried : _new;
            double? askAgainAt = null;
            if (_retried.Count == 0 && queue.Count == 0 && _plan.TryAdmit(Now, out int epoch, out askAgainAt))
            {
                return new ValueTask<int>(epoch);
            }

            waiter = new Waiter(this, queue, cancellationToken);
            SetTimer(askAgainAt);
        }

        return new ValueTask<int>(waiter.WaitAsync());
    }

    /// <summary>The request was answered, and not refused.</summary>
    public void LeaveAccepted()
    {
        lock (_lock)
        {
            _plan.Succeeded(Now);
            Pump();
        }
    }

    /// <summary>The request got no answer.</summary>
    public void LeaveFailed()
    {
        lock (_lock)
        {
            _plan.Failed();
            Pump();
        }
    }

    /// <summary>The request was refused with 429.</summary>
    /// <returns>How long the gate is closed now; null when it was closed already, for a refusal before.</returns>
    public TimeSpan? LeaveRefused(int epoch, TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            TimeSpan? closed = _plan.Refused(Now, epoch, retryAfter);
            Pump();
            return closed;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer?.Dispose();
            while (TryDequeue(out Waiter? waiter))
            {
                waiter.TrySetException(new ObjectDisposedException(nameof(AssetComputeClient)));
            }
        }
    }

    // Under the lock.
    private void Pump()
    {
        while (!_disposed && _retried.Count + _new.Count > 0)
        {
            if (!_plan.TryAdmit(Now, out int epoch, out double? askAgainAt))
            {
                SetTimer(askAgainAt);
                return;
            }

            TryDequeue(out Waiter? waiter);
            waiter!.TrySetResult(epoch);
        }
    }

    // Under the lock.
    private bool TryDequeue([NotNullWhen(true)] out Waiter? waiter)
    {
        LinkedList<Waiter> queue = _retried.Count > 0 ? _retried : _new;
        waiter = queue.First?.Value;
        if (waiter is null)
        {
            return false;
        }

        queue.RemoveFirst();
        return true;
    }

    // Under the lock.
    private void SetTimer(double? at)
    {
        if (at is not { } due || due >= _timerAt)
        {
            return;
        }

        _timerAt = due;
        // Whole milliseconds, rounded up: that is what timers have, and one that fired early would only be set again.
        TimeSpan wait = TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((due - Now) * 1000)));
        if (_timer is not null)
        {
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
            return;
        }

        // The timer outlives the call that happens to set it, and must not keep that call's context.
        bool suppresses = !ExecutionContext.IsFlowSuppressed();
        if (suppresses)
        {
            ExecutionContext.SuppressFlow();
        }

        try
        {
            _timer = _timeProvider.CreateTimer(static gate => ((RequestGate)gate!).OnTimer(), this, wait, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            if (suppresses)
            {
                ExecutionContext.RestoreFlow();
            }
        }
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            _timerAt = double.PositiveInfinity;
            Pump();
        }
    }

    private void GiveUp(Waiter waiter)
    {
        lock (_lock)
        {
            // Out of the queue already: the request has been let through, and its caller finds the cancellation where it sends.
            if (waiter.Place.List is not { } queue)
            {
                return;
            }

            queue.Remove(waiter.Place);
        }

        waiter.TrySetCanceled(waiter.CancellationToken);
    }

    /// <summary>One who waits. Continuations run elsewhere, never under the lock of the gate.</summary>
    private sealed class Waiter : TaskCompletionSource<int>
    {
        private readonly RequestGate _gate;

        public Waiter(RequestGate gate, LinkedList<Waiter> queue, CancellationToken cancellationToken)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            _gate = gate;
            CancellationToken = cancellationToken;
            Place = queue.AddLast(this);
        }

        public LinkedListNode<Waiter> Place { get; }

        public CancellationToken CancellationToken { get; }

        public async Task<int> WaitAsync()
        {
            using (CancellationToken.Register(static waiter => ((Waiter)waiter!)._gate.GiveUp((Waiter)waiter), this))
            {
                return await Task.ConfigureAwait(false);
            }
        }
    }
}
