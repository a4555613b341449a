namespace AssetCompute.Client.Http.Throttling;

/// <summary>
/// The successes of the last second. The weight of each decays by a factor of e within a second. Times are seconds on the throttle's clock.
/// </summary>
/// <remarks>
/// The count applies to a whole second, even if only a tenth of it has passed, so that a burst from a token bucket is not taken for its rate.
/// </remarks>
internal sealed class RecentSuccesses
{
    private double _count;
    private double _time;

    public void Add(double now) => _count = Count(now) + 1;

    public double Count(double now)
    {
        if (now > _time)
        {
            _count *= Math.Exp(_time - now);
            _time = now;
        }

        return _count;
    }

    /// <summary>Stops the decay while no request is sent.</summary>
    public void PauseUntil(double now, double until)
    {
        Count(now);
        _time = until;
    }
}
