namespace AssetCompute.Client.Tests.Time;

/// <summary>
/// Microsoft's fake clock, which also reports the waiting timers. A long advance stops at each timer, so that a callback sees the time at which it is
/// due, and a timer that it sets can fire in the same advance.
/// </summary>
public sealed class FakeTimeProvider(DateTimeOffset start) : Microsoft.Extensions.Time.Testing.FakeTimeProvider(start.ToUniversalTime())
{
    private readonly Lock _gate = new();
    private readonly List<PlannedTimer> _timers = [];
    private readonly List<Action> _due = [];
    private readonly List<(int Count, TaskCompletionSource Arrived)> _waiters = [];
    private TimeSpan _offset;

    // Microsoft's clock fires timers whenever it is read, even on a thread that does not advance it. So it is never read.
    private long _now = start.UtcTicks;

    public FakeTimeProvider()
        : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>The number of timers that wait to fire.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    /// <summary>The time until the next timer fires; null if none is set.</summary>
    public TimeSpan? NextTimer
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count == 0 ? null : TimeSpan.FromTicks(_timers.Min(static timer => timer.Due) - GetTimestamp());
            }
        }
    }

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(GetTimestamp(), TimeSpan.Zero) + _offset;

    /// <summary>Does not follow the wall clock, which a test can set back.</summary>
    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        PlannedTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Advances the clock, and fires the timers that become due.</summary>
    public new void Advance(TimeSpan by)
    {
        long until = GetTimestamp() + by.Ticks;
        while (Move(until, toTimer: true))
        {
        }

        Move(until, toTimer: false);
    }

    /// <summary>Advances the clock to the next timer, and fires it. Returns false if no timer is set.</summary>
    public bool AdvanceToNextTimer() => Move(long.MaxValue, toTimer: true);

    /// <summary>Sets the wall clock, as an operator or NTP does. Timers and timestamps are not affected.</summary>
    public new void SetUtcNow(DateTimeOffset now) => _offset = now - new DateTimeOffset(GetTimestamp(), TimeSpan.Zero);

    /// <summary>Completes when at least <paramref name="count"/> timers are set, which means that the code under test waits.</summary>
    public Task WaitForTimersAsync(int count = 1, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_timers.Count >= count)
            {
                return Task.CompletedTask;
            }

            TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, arrived));
            return arrived.Task.WaitAsync(cancellationToken);
        }
    }

    private ITimer CreateInner(TimerCallback callback) => base.CreateTimer(callback, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private bool Move(long until, bool toTimer)
    {
        Action[] due;
        lock (_gate)
        {
            long? target = !toTimer ? until : _timers.Count == 0 ? null : _timers.Min(static timer => timer.Due);
            if (target is not { } moment || moment > until)
            {
                return false;
            }

            long by = Math.Max(0, moment - _now);
            Volatile.Write(ref _now, _now + by);
            base.Advance(TimeSpan.FromTicks(by));
            due = TakeDue();
        }

        // Callbacks run without the lock, because they can wait for a thread that sets a timer.
        foreach (Action callback in due)
        {
            callback();
        }

        return true;
    }

    /// <summary>Called under the lock.</summary>
    private Action[] TakeDue()
    {
        Action[] due = [.. _due];
        _due.Clear();
        return due;
    }

    /// <summary>Called under the lock.</summary>
    private void Plan(PlannedTimer timer, long? due)
    {
        _timers.Remove(timer);
        if (due is not { } moment)
        {
            return;
        }

        timer.Due = moment;
        _timers.Add(timer);
        foreach ((int Count, TaskCompletionSource Arrived) waiter in _waiters.Where(waiter => waiter.Count <= _timers.Count).ToList())
        {
            _waiters.Remove(waiter);
            waiter.Arrived.SetResult();
        }
    }

    private sealed class PlannedTimer : ITimer
    {
        private readonly FakeTimeProvider _owner;
        private readonly ITimer _inner;
        private TimeSpan _period;

        public PlannedTimer(FakeTimeProvider owner, TimerCallback callback, object? state)
        {
            _owner = owner;
            _inner = owner.CreateInner(_ =>
            {
                owner.Plan(this, _period > TimeSpan.Zero ? Due + _period.Ticks : null);
                owner._due.Add(() => callback(state));
            });
        }

        public long Due { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Action[] due;
            bool changed;
            lock (_owner._gate)
            {
                _period = period;
                _owner.Plan(this, dueTime == Timeout.InfiniteTimeSpan ? null : _owner.GetTimestamp() + dueTime.Ticks);
                changed = _inner.Change(dueTime, period);
                if (!changed)
                {
                    // The timer is disposed.
                    _owner.Plan(this, null);
                }

                due = _owner.TakeDue();
            }

            // A timer that is due immediately fires on a thread of the pool, as a real one does.
            foreach (Action callback in due)
            {
                ThreadPool.QueueUserWorkItem(static callback => callback(), callback, preferLocal: false);
            }

            return changed;
        }

        public void Dispose()
        {
            lock (_owner._gate)
            {
                _owner.Plan(this, null);
                _inner.Dispose();
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
