namespace AssetCompute.Client.Tests.Time;

/// <summary>
/// A clock that moves only when a test moves it. Timers fire on the thread that advances the clock, in the order in which they are due, each
/// with the clock standing at its own moment; a timer set by a callback fires in the same advance when it is due within it.
/// </summary>
public sealed class FakeTimeProvider : TimeProvider
{
    private readonly object _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private readonly List<TimerWaiter> _waiters = [];
    private readonly DateTimeOffset _start;
    private TimeSpan _elapsed;
    private TimeSpan _offset;
    private long _sequence;

    public FakeTimeProvider()
        : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public FakeTimeProvider(DateTimeOffset start) => _start = start.ToUniversalTime();

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers wait to fire.</summary>
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

    /// <summary>In how long the next timer fires; null when none is set.</summary>
    public TimeSpan? NextTimer
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count == 0 ? null : _timers.Min(static timer => timer.Due) - _elapsed;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _start + _elapsed + _offset;
        }
    }

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _elapsed.Ticks;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock on, and fires what becomes due.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan until;
        lock (_gate)
        {
            until = _elapsed + by;
        }

        while (TakeNext(until) is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>Moves the clock to the moment at which the next timer is due, and fires it. False when none is set.</summary>
    public bool AdvanceToNextTimer()
    {
        if (NextTimer is not { } next)
        {
            return false;
        }

        Advance(next < TimeSpan.Zero ? TimeSpan.Zero : next);
        return true;
    }

    /// <summary>Sets the wall clock, as an operator or NTP does: timers and timestamps take no notice.</summary>
    public void SetUtcNow(DateTimeOffset now)
    {
        lock (_gate)
        {
            _offset = now.ToUniversalTime() - _start - _elapsed;
        }
    }

    /// <summary>
    /// Completes once as many timers are set: the code under test has arrived at its wait, and the clock can be moved without a race.
    /// </summary>
    public Task WaitForTimersAsync(int count = 1, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_timers.Count >= count)
            {
                return Task.CompletedTask;
            }

            var waiter = new TimerWaiter(count);
            _waiters.Add(waiter);
            return waiter.Arrived.Task.WaitAsync(cancellationToken);
        }
    }

    private FakeTimer? TakeNext(TimeSpan until)
    {
        lock (_gate)
        {
            FakeTimer? next = _timers
                .Where(timer => timer.Due <= until)
                .OrderBy(static timer => timer.Due)
                .ThenBy(static timer => timer.Sequence)
                .FirstOrDefault();

            TimeSpan moment = next?.Due ?? until;
            _elapsed = moment > _elapsed ? moment : _elapsed;
            if (next is not null)
            {
                _timers.Remove(next);
                if (next.Period > TimeSpan.Zero)
                {
                    Schedule(next, next.Period);
                }
            }

            return next;
        }
    }

    /// <summary>Under the gate.</summary>
    private void Schedule(FakeTimer timer, TimeSpan dueTime)
    {
        timer.Due = _elapsed + dueTime;
        timer.Sequence = _sequence++;
        _timers.Add(timer);
        foreach (TimerWaiter waiter in _waiters.Where(waiter => waiter.Count <= _timers.Count).ToList())
        {
            _waiters.Remove(waiter);
            waiter.Arrived.SetResult();
        }
    }

    private sealed class TimerWaiter(int count)
    {
        public int Count { get; } = count;

        public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class FakeTimer(FakeTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private bool _disposed;

        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; private set; }

        public long Sequence { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool fireNow = false;
            lock (owner._gate)
            {
                if (_disposed)
                {
                    return false;
                }

                owner._timers.Remove(this);
                Period = period == Timeout.InfiniteTimeSpan ? TimeSpan.Zero : period;
                if (dueTime == TimeSpan.Zero)
                {
                    // Due already: as with a real timer, without anybody's moving the clock.
                    fireNow = true;
                    if (Period > TimeSpan.Zero)
                    {
                        owner.Schedule(this, Period);
                    }
                }
                else if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    owner.Schedule(this, dueTime);
                }
            }

            if (fireNow)
            {
                ThreadPool.QueueUserWorkItem(static timer => timer.Fire(), this, preferLocal: false);
            }

            return true;
        }

        public void Dispose()
        {
            lock (owner._gate)
            {
                _disposed = true;
                owner._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
