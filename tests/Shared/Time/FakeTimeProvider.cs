namespace AssetCompute.Client.Tests.Time;

/// <summary>
/// Microsoft's fake clock, plus what it does not tell: which timers wait, and when code arrives at its wait. A long advance stops at each timer,
/// so that a callback sees its own moment and a timer that it sets fires in the same advance.
/// </summary>
public sealed class FakeTimeProvider(DateTimeOffset start) : Microsoft.Extensions.Time.Testing.FakeTimeProvider(start.ToUniversalTime())
{
    private readonly Lock _gate = new();
    private readonly List<PlannedTimer> _timers = [];
    private readonly List<Action> _due = [];
    private readonly List<(int Count, TaskCompletionSource Arrived)> _waiters = [];
    private TimeSpan _offset;

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

    /// <summary>The time until the next timer fires; null when none is set.</summary>
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

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _offset;

    /// <summary>Apart from the wall clock, which a test may set back.</summary>
    public override long GetTimestamp() => base.GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        PlannedTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on, and fires what becomes due.</summary>
    public new void Advance(TimeSpan by)
    {
        long until = GetTimestamp() + by.Ticks;
        while (Move(until, toTimer: true))
        {
        }

        Move(until, toTimer: false);
    }

    /// <summary>Moves the clock to the moment at which the next timer is due, and fires it. False when none is set.</summary>
    public bool AdvanceToNextTimer() => Move(long.MaxValue, toTimer: true);

    /// <summary>Sets the wall clock, as an operator or NTP does: timers and timestamps take no notice.</summary>
    public new void SetUtcNow(DateTimeOffset now) => _offset = now - base.GetUtcNow();

    /// <summary>Completes when at least <paramref name="count"/> timers are set: the code under test has arrived at its wait.</summary>
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

            base.Advance(TimeSpan.FromTicks(Math.Max(0, moment - GetTimestamp())));
            due = TakeDue();
        }

        // Callbacks run without the lock: they may wait for a thread that sets a timer.
        foreach (Action callback in due)
        {
            callback();
        }

        return true;
    }

    /// <summary>Under the lock.</summary>
    private Action[] TakeDue()
    {
        Action[] due = [.. _due];
        _due.Clear();
        return due;
    }

    /// <summary>Under the lock.</summary>
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
                    // Disposed already.
                    _owner.Plan(this, null);
                }

                due = _owner.TakeDue();
            }

            // Due at once: as with a real timer, on a thread of the pool.
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
