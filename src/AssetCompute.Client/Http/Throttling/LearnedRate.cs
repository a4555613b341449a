namespace AssetCompute.Client.Http.Throttling;

/// <summary>
/// How many requests a second the service lets through, learned from its refusals. Times are seconds on the gate's own clock.
/// </summary>
/// <remarks>
/// After a refusal the rate starts a little under the estimate, reaches it within two seconds, and stays there. When the service goes on
/// accepting, the rate grows faster and faster, until a refusal brings the next estimate. The more often an estimate is confirmed, the
/// longer it is kept, so that a service of steady limits is hardly ever asked for too much.
/// </remarks>
internal sealed class LearnedRate
{
    // Under the estimate, so that what waits at the service drains first.
    private const double StartShare = 0.95;
    private const double ApproachSeconds = 2;

    private const double FirstHoldSeconds = 3;
    private const double LongestHoldSeconds = 60;

    // Growth per second after the hold: around a confirmed estimate, around a new one, and while the first is known to be far too low.
    private const double ConfirmedGrowth = 1.1;
    private const double NewGrowth = 1.5;
    private const double BlindGrowth = 2.5;

    private const double ConfirmedWithin = 0.2;
    private const double LargestFall = 0.7;

    // A service that refuses everything is still asked now and then, or its recovery would not be noticed.
    private const double LeastRate = 1;

    private const double MaxRate = 100_000;

    // Fewer successes than this before the first refusal say little about the limit.
    private const int FewSuccesses = 32;

    private readonly RecentSuccesses _recent = new();
    private double _estimate;
    private double _start;
    private double _hold;
    private double _opensAt;
    private double _lastRefusal;
    private double _lastLeft;
    private double _pressed;
    private long _successes;
    private bool _isBlind;
    private bool _isConfirmed;

    /// <summary>False until the first refusal: there is no reason to go slowly.</summary>
    public bool IsKnown { get; private set; }

    public void Succeeded(double now)
    {
        _successes++;
        _recent.Add(now);
    }

    /// <summary>Requests a second that may leave now.</summary>
    public double Current
    {
        get
        {
            if (_isBlind)
            {
                return Grow(_start, BlindGrowth, _pressed);
            }

            if (_pressed < ApproachSeconds)
            {
                return _start + ((_estimate - _start) * _pressed / ApproachSeconds);
            }

            double grown = _pressed - ApproachSeconds - _hold;
            return grown <= 0 ? _estimate : Grow(_estimate, _isConfirmed ? ConfirmedGrowth : NewGrowth, grown);
        }
    }

    /// <summary>
    /// A request leaves. Only time in which requests came as fast as the rate let them counts towards its growth: an hour without work proves
    /// nothing.
    /// </summary>
    public void Left(double now)
    {
        _pressed += Math.Min(now - Math.Max(_lastLeft, _opensAt), 2 / Current);
        _lastLeft = now;
    }

    /// <summary>Learns from a refusal, after which nothing leaves until the gate opens again.</summary>
    public void Refused(double now, double opensAt)
    {
        if (IsKnown)
        {
            Estimate(now);
        }
        else
        {
            int lastSecond = _recent.Count(now);
            _estimate = Math.Max(lastSecond, LeastRate);
            _isBlind = lastSecond < FewSuccesses;
            _hold = FirstHoldSeconds;
            IsKnown = true;
        }

        _start = _estimate * StartShare;
        _successes = 0;
        _pressed = 0;
        _recent.Clear();
        _lastRefusal = now;
        _opensAt = opensAt;
    }

    /// <summary>A further refusal of the same kind asks for a longer wait.</summary>
    public void Postpone(double opensAt) => _opensAt = opensAt;

    private static double Grow(double rate, double growth, double seconds) => Math.Min(rate * Math.Pow(growth, seconds), MaxRate);

    /// <remarks>
    /// A service that saves up what was not used (a token bucket) has let through, between two refusals, exactly its rate times the whole
    /// time, pause included. One that does not (a window) has let through its rate in the last second alone. Which it is cannot be seen from here:
    /// the truth is between the two.
    /// </remarks>
    private void Estimate(double now)
    {
        const double bucketShare = 0.3;
        const double leastSpan = 0.25;

        double refusedAt = Current;
        double overall = _successes / Math.Max(_opensAt - _lastRefusal + _pressed, 0.001);
        double span = Math.Min(1, now - _opensAt);
        double lately = span < leastSpan ? overall : Math.Min(refusedAt, _recent.Count(now) / span);
        double estimate = (bucketShare * overall) + ((1 - bucketShare) * lately);
        estimate = Math.Max(LeastRate, Math.Min(refusedAt, Math.Max(estimate, refusedAt * LargestFall)));

        _isConfirmed = !_isBlind && Math.Abs(estimate - _estimate) < ConfirmedWithin * _estimate;
        _isBlind = false;
        _hold = _isConfirmed ? Math.Min(_hold * 2, LongestHoldSeconds) : FirstHoldSeconds;
        _estimate = estimate;
    }
}
