#if !NETSTANDARD2_0
using System.Collections.Concurrent;
#endif

namespace AssetCompute.Client.Http.Resilience;

/// <summary>
/// How long something may take: its token ends with the caller's, or when the time is up. The time can be set anew while it runs, so that one limit serves
/// a wait and what follows it.
/// </summary>
internal sealed class TimeLimit : IDisposable
{
    private readonly CancellationTokenSource _source;
    private CancellationTokenRegistration _link;
    private CancellationToken _caller;
#if NETSTANDARD2_0
    private readonly ITimer _timer;

    private TimeLimit(TimeProvider timeProvider)
    {
        _source = new CancellationTokenSource();
        _timer = timeProvider.CreateTimer(static source => Cancel((CancellationTokenSource)source!), _source, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
#else
    private const int MaxIdle = 64;

    // Those that neither ended by themselves nor by their callers are as good as new ones.
    private static readonly ConcurrentQueue<TimeLimit> s_idle = new();
    private readonly bool _isReusable;

    private TimeLimit(TimeProvider timeProvider)
    {
        _source = new CancellationTokenSource(Timeout.InfiniteTimeSpan, timeProvider);
        _isReusable = timeProvider == TimeProvider.System;
    }
#endif

    public CancellationToken Token => _source.Token;

    /// <summary>True when the time is up, and the caller has not cancelled.</summary>
    public bool IsOver => _source.IsCancellationRequested && !_caller.IsCancellationRequested;

    /// <summary>A limit without a time so far.</summary>
    public static TimeLimit Of(TimeProvider timeProvider, CancellationToken caller)
    {
#if NETSTANDARD2_0
        TimeLimit limit = new(timeProvider);
        limit._link = caller.Register(static source => Cancel((CancellationTokenSource)source!), limit._source);
#else
        TimeLimit limit = timeProvider == TimeProvider.System && s_idle.TryDequeue(out TimeLimit? idle) ? idle : new TimeLimit(timeProvider);
        limit._link = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit._source);
#endif
        limit._caller = caller;
        return limit;
    }

    /// <summary>So much from now on, in place of what was set before.</summary>
    public void Set(TimeSpan time)
    {
        if (time <= TimeSpan.Zero)
        {
            _source.Cancel();
            return;
        }

#if NETSTANDARD2_0
        _timer.Change(time, Timeout.InfiniteTimeSpan);
#else
        _source.CancelAfter(time);
#endif
    }

    public void Dispose()
    {
        _link.Dispose();
#if NETSTANDARD2_0
        _timer.Dispose();
        _source.Dispose();
#else
        _link = default;
        _caller = default;
        if (_isReusable && s_idle.Count < MaxIdle && _source.TryReset())
        {
            s_idle.Enqueue(this);
        }
        else
        {
            _source.Dispose();
        }
#endif
    }

#if NETSTANDARD2_0
    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // A timer's callback may come when all is over, and an exception in it would end the process.
        }
    }
#endif
}
