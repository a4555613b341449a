using System.Net;

namespace AssetCompute.Client.Tests.Http.Throttling;

/// <summary>A service with a limit, in simulated time. Times are in seconds from the start of the simulation.</summary>
internal abstract class SimulatedService
{
    /// <summary>The duration of a successful call. A refusal takes no time.</summary>
    public double Duration { get; init; } = 0.02;

    /// <summary>The <c>Retry-After</c> of a refusal in seconds, or null for none.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Returns the status for a call that arrives.</summary>
    public abstract HttpStatusCode Ask(double now, Random random);

    /// <summary>Called when a successful call completes.</summary>
    public virtual void Done()
    {
    }

    /// <summary>The <c>Retry-After</c> of a refusal at the given time.</summary>
    public virtual int? RetryAfterAt(double now) => RetryAfter;
}

/// <summary>Refuses a random share of the calls, at any rate.</summary>
internal sealed class RandomRefusals(double share) : SimulatedService
{
    public override HttpStatusCode Ask(double now, Random random) => random.NextDouble() < share ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK;
}

/// <summary>A token bucket that holds the tokens of one second.</summary>
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

/// <summary>A limit on concurrent calls.</summary>
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

/// <summary>A limit on the calls in each time window. The first call starts the first window.</summary>
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

/// <summary>Refuses all calls for a time.</summary>
internal sealed class Outage(double from, double until) : SimulatedService
{
    public override HttpStatusCode Ask(double now, Random random) => now >= from && now < until ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK;
}

/// <summary>Fails a share of the calls with errors of several kinds, including refusals.</summary>
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
