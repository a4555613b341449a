namespace AssetCompute.Client.Http.Throttling;

/// <summary>The successes of the last second, each of which fades by e within a second. Times are seconds on the throttle's clock.</summary>
/// <remarks>
/// It counts towards a whole second even after a tenth of one: a burst that a bucket has saved up is not taken for its rate.
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

    /// <summary>Nothing fades while nothing is sent.</summary>
    public void PauseUntil(double now, double until)
    {
        Count(now);
        _time = until;
    }
}
