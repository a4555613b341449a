using System.Net;

namespace AssetCompute.Client.Tests.Http.Throttling;

/// <summary>A service with a limit, in simulated time. Times are seconds from the first call on.</summary>
internal abstract class SimulatedService
{
    /// <summary>How long a success takes; a refusal is answered at once.</summary>
    public double Duration { get; init; } = 0.02;

    /// <summary>What a refusal says, in seconds; null for no <c>Retry-After</c>.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>A call arrives.</summary>
    public abstract HttpStatusCode Ask(double now, Random random);

    /// <summary>A call that was let through has been answered.</summary>
    public virtual void Done()
    {
    }

    /// <summary>What a refusal at this moment says.</summary>
    public virtual int? RetryAfterAt(double now) => RetryAfter;
}

/// <summary>Refuses a share of the calls at random, whatever the rate.</summary>
internal sealed class RandomRefusals(double share) : SimulatedService
{
    public override HttpStatusCode Ask(double now, Random random) => random.NextDouble() < share ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK;
}

/// <summary>A token bucket that holds one second's worth.</summary>
internal sealed class RateLimit(Func<double, double> perSecond) : SimulatedService
{
    private double _tokens = perSecond(0);
    private double _filled;

    public override HttpStatusCode Ask(double now, Random random)
    {
        double rate = perSecond(now);
        _tokens = Math.Min(rate, _tokens + ((now - _filled) * rate));
        _filled = now;
        if (_tokens < 1)
        {
            return HttpStatusCode.TooManyRequests;
        }

        _tokens--;
        return HttpStatusCode.OK;
    }
}

/// <summary>So many calls at a time.</summary>
internal sealed class ConcurrencyLimit(int calls) : SimulatedService
{
    private int _inProgress;

    public override HttpStatusCode Ask(double now, Random random)
    {
        if (_inProgress == calls)
        {
            return HttpStatusCode.TooManyRequests;
        }

        _inProgress++;
        return HttpStatusCode.OK;
    }

    public override void Done() => _inProgress--;
}

/// <summary>So many calls in each window of time, from the first call on.</summary>
internal sealed class WindowLimit(int calls, int seconds, bool sendsRetryAfter) : SimulatedService
{
    private int _window = -1;
    private int _taken;
    private double? _first;

    public override HttpStatusCode Ask(double now, Random random)
    {
        int window = (int)((now - (_first ??= now)) / seconds);
        if (window != _window)
        {
            _window = window;
            _taken = 0;
        }

        return _taken++ < calls ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests;
    }

    public override int? RetryAfterAt(double now) =>
        sendsRetryAfter ? Math.Max(1, (int)Math.Ceiling(((_window + 1) * seconds) - (now - _first!.Value))) : null;
}

/// <summary>Refuses everything for a while.</summary>
internal sealed class Outage(double from, double until) : SimulatedService
{
    public override HttpStatusCode Ask(double now, Random random) => now >= from && now < until ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK;
}

/// <summary>A share of the answers are faults of many kinds, some of them refusals.</summary>
internal sealed class MixedFaults(double share) : SimulatedService
{
    private int? _retryAfter;

    public override HttpStatusCode Ask(double now, Random random)
    {
        if (random.NextDouble() >= share)
        {
            return HttpStatusCode.OK;
        }

        int kind = random.Next(7);
        _retryAfter = kind - 4;
        return kind >= 5 ? HttpStatusCode.TooManyRequests : HttpStatusCode.BadGateway;
    }

    public override int? RetryAfterAt(double now) => _retryAfter;
}
