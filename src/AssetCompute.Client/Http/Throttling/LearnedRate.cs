namespace AssetCompute.Client.Http.Throttling;

/// <summary>
/// How many calls a second may leave, learned from refusals. After a cut the rate dips below what was just succeeding, climbs back, stays near it, and then grows faster
/// and faster, as that of TCP CUBIC does. Times are seconds on the throttle's clock.
/// </summary>
internal sealed class LearnedRate
{
    private const double Dip = 0.3;
    private const double SecondsToReturn = 1.5;
    private const double LowestRate = 1;

    // A timer fires late as a rule, and on a busy machine very late. What it misses by less than this is made up for.
    private const double MakeUpSeconds = 0.05;

    // Two calls with less time than this between them are taken for a row without a break, whatever the rate.
    private const double LongestGap = 0.1;

    private double _goal = double.PositiveInfinity;
    private double _pressedSeconds;
    private double _lastLeft;

    /// <summary>False until the first cut: calls leave as they come.</summary>
    public bool IsKnown => !double.IsPositiveInfinity(_goal);

    /// <summary>Calls a second; infinity while it is not known.</summary>
    public double Current => IsKnown ? Math.Max(LowestRate, _goal * (1 + (Dip * Math.Pow((_pressedSeconds / SecondsToReturn) - 1, 3)))) : double.PositiveInfinity;

    /// <summary>When the next call may leave.</summary>
    public double Next { get; private set; }

    /// <summary>A call leaves.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isPressed">Whether others wait. Only then does the rate grow: an hour without work proves nothing.</param>
    /// <returns>Whether the dip ends with this call.</returns>
    public bool Leave(double now, bool isPressed)
    {
        if (!IsKnown)
        {
            return false;
        }

        bool wasDipping = _pressedSeconds < SecondsToReturn;
        if (isPressed)
        {
            _pressedSeconds += Math.Min(now - _lastLeft, Math.Max(LongestGap, 2 / Current));
        }

        _lastLeft = now;
        Charge(now);
        return wasDipping && _pressedSeconds >= SecondsToReturn;
    }

    /// <summary>Takes the time of one call from those to come.</summary>
    public void Charge(double now)
    {
        if (IsKnown)
        {
            Next = Math.Max(Next, now - MakeUpSeconds) + (1 / Current);
        }
    }

    /// <summary>Aims at what succeeds, and never at more than what was just sent.</summary>
    public void Cut(double succeeding)
    {
        _goal = Math.Max(LowestRate, Math.Min(succeeding, Current));
        _pressedSeconds = 0;
    }

    /// <summary>Nothing leaves until then, and that time does not make the rate grow.</summary>
    public void PauseUntil(double until) => _lastLeft = until;

    /// <summary>Calls leave again.</summary>
    public void Resume(double now) => Next = now;
}
