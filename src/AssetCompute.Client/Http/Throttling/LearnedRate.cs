namespace AssetCompute.Client.Http.Throttling;

/// <summary>
/// The number of calls per second that may be sent, learned from refusals. After a reduction, the rate drops below the rate that just succeeded, rises to it
/// again, stays near it, and then grows at an increasing pace, like TCP CUBIC. Times are seconds on the throttle's clock.
/// </summary>
/// <remarks>
/// The rate that succeeds is the successes of the last second, each with a weight that decays by a factor of e within a second. They count for a whole
/// second, even if only a tenth of it has passed, so that a burst from a token bucket is not taken for its rate.
/// </remarks>
internal sealed class LearnedRate
{
    private const double Dip = 0.3;
    private const double SecondsToReturn = 1.5;
    private const double LowestRate = 1;

    // A timer usually fires late, and on a busy machine very late. Delays shorter than this are compensated.
    private const double MakeUpSeconds = 0.05;

    // Two calls with a shorter interval than this count as continuous, whatever the rate.
    private const double LongestGap = 0.1;

    private double _goal = double.PositiveInfinity;
    private double _pressedSeconds;
    private double _lastLeft;
    private double _successes;
    private double _successesAt;

    /// <summary>False until the first reduction: calls are sent immediately.</summary>
    public bool IsKnown => !double.IsPositiveInfinity(_goal);

    /// <summary>The number of calls per second; infinity while it is unknown.</summary>
    public double Current => IsKnown ? Math.Max(LowestRate, _goal * (1 + (Dip * Math.Pow((_pressedSeconds / SecondsToReturn) - 1, 3)))) : double.PositiveInfinity;

    /// <summary>When the next call may be sent.</summary>
    public double Next { get; private set; }

    /// <summary>Notes that a call is sent.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isPressed">Whether other calls wait. The rate grows only in this case: an idle hour proves nothing.</param>
    /// <returns>Whether the drop ends with this call.</returns>
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

    /// <summary>Delays the following calls by the interval of one call.</summary>
    public void Charge(double now)
    {
        if (IsKnown)
        {
            Next = Math.Max(Next, now - MakeUpSeconds) + (1 / Current);
        }
    }

    public void Succeeded(double now)
    {
        DecaySuccesses(now);
        _successes++;
    }

    /// <summary>Sets the goal to the rate that succeeds, and never above the rate that was just sent.</summary>
    public void Cut(double now)
    {
        DecaySuccesses(now);
        _goal = Math.Max(LowestRate, Math.Min(_successes, Current));
        _pressedSeconds = 0;
    }

    /// <summary>Pauses until a time. The rate does not grow during the pause, and the successes do not decay.</summary>
    public void Pause(double now, double until)
    {
        DecaySuccesses(now);
        _successesAt = _lastLeft = until;
    }

    /// <summary>Ends the pause.</summary>
    public void Resume(double now) => Next = now;

    private void DecaySuccesses(double now)
    {
        if (now > _successesAt)
        {
            _successes *= Math.Exp(_successesAt - now);
            _successesAt = now;
        }
    }
}
