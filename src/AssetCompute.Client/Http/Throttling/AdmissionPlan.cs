namespace AssetCompute.Client.Http.Throttling;

/// <summary>
/// Decides when the next request may leave. Knows nothing of threads or timers: the gate asks it under its lock. Times are seconds on the
/// gate's own clock.
/// </summary>
/// <param name="throttling">Whether to learn at all, and how many requests may be in flight.</param>
/// <param name="retry">How long to wait where the service does not say, and for how long it may ask at most.</param>
internal sealed class AdmissionPlan(AssetComputeThrottlingOptions throttling, AssetComputeRetryOptions retry)
{
    // Until the limit is known, a crowd starts with so many at a time and grows with its successes: refused requests are then few, wherever
    // the limit is.
    private const double FirstWindow = 16;
    private const double WindowGrowth = 0.5;

    // A timer fires late as a rule. What it has missed by less than this is made up for, so that the rate holds on coarse clocks too.
    private const double MakeUpSeconds = 0.02;

    // Several processes of one client are refused together, and must not come back together. More would cost all of them time.
    private const double MostExtra = 0.1;

    private readonly LearnedRate _rate = new();
    private readonly bool _learns = throttling.Enabled;
    private readonly int _maxConcurrentRequests = throttling.MaxConcurrentRequests ?? int.MaxValue;
    private readonly double _backoff = retry.Delay.TotalSeconds;
    private readonly double _maxBackoff = retry.MaxDelay.TotalSeconds;
    private readonly double _maxRetryAfter = retry.MaxRetryAfter.TotalSeconds;
    private readonly Random? _random = retry.UseJitter ? new Random() : null;
    private double _window = throttling.Enabled ? FirstWindow : double.PositiveInfinity;
    private double _closedUntil;
    private double _next;
    private int _inFlight;
    private int _refusalsInRow;
    private int _epoch;

    /// <summary>Requests a second that may leave now; null while no limit is known.</summary>
    public double? Rate => _rate.IsKnown ? _rate.Current : null;

    /// <summary>Lets a request leave now, or says when to ask again; never when that depends on an answer.</summary>
    public bool TryAdmit(double now, out int epoch, out double? askAgainAt)
    {
        epoch = _epoch;
        askAgainAt = null;
        if (_inFlight >= _maxConcurrentRequests)
        {
            return false;
        }

        if (now < _closedUntil)
        {
            askAgainAt = _closedUntil;
            return false;
        }

        if (_rate.IsKnown)
        {
            if (now < _next)
            {
                askAgainAt = _next;
                return false;
            }

            _rate.Left(now);
            _next = Math.Max(_next, now - MakeUpSeconds) + (1 / _rate.Current);
        }
        else if (_inFlight >= _window)
        {
            return false;
        }

        _inFlight++;
        return true;
    }

    public void Succeeded(double now)
    {
        _inFlight--;
        _refusalsInRow = 0;
        _window += WindowGrowth;
        _rate.Succeeded(now);
    }

    /// <summary>The request failed for a reason that says nothing about the limit.</summary>
    public void Failed() => _inFlight--;

    /// <summary>
    /// The request was refused (429): nothing leaves until the service may be asked again.
    /// </summary>
    /// <returns>How long nothing leaves; null when the refusal is of a request that left before the gate closed, and is no news.</returns>
    public TimeSpan? Refused(double now, int epoch, TimeSpan? retryAfter)
    {
        _inFlight--;
        if (!_learns)
        {
            return null;
        }

        double asked = Math.Min(retryAfter?.TotalSeconds ?? 0, _maxRetryAfter);
        if (epoch != _epoch)
        {
            if (now + asked > _closedUntil)
            {
                Close(now + asked);
                _rate.Postpone(_closedUntil);
            }

            return null;
        }

        _epoch++;
        double ownWait = Math.Min(_backoff * Math.Pow(2, Math.Min(_refusalsInRow, 30)), _maxBackoff);
        _refusalsInRow++;
        double wait = _random is { } random
            ? Math.Max(asked * (1 + (MostExtra * random.NextDouble())), ownWait * (0.5 + (random.NextDouble() / 2)))
            : Math.Max(asked, ownWait);
        Close(now + wait);
        _rate.Refused(now, _closedUntil);
        return TimeSpan.FromSeconds(wait);
    }

    private void Close(double until)
    {
        _closedUntil = until;
        _next = until;
    }
}
