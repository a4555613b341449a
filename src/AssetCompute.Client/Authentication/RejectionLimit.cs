namespace AssetCompute.Client.Authentication;

/// <summary>
/// How often a refused token (401) may be answered with a new one: ten times at once, then once in five seconds. A revoked token is replaced
/// on the spot; a service that refuses whatever it is given does not turn each call into a request for a token.
/// </summary>
/// <remarks>Not safe for concurrent use. Times are those of a clock that is never set, counted from any beginning.</remarks>
internal sealed class RejectionLimit
{
    private const int Burst = 10;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private TimeSpan _paidUntil;

    public bool TryTake(TimeSpan now)
    {
        TimeSpan from = _paidUntil > now ? _paidUntil : now;
        if (from - now > TimeSpan.FromTicks(Interval.Ticks * (Burst - 1)))
        {
            return false;
        }

        _paidUntil = from + Interval;
        return true;
    }
}
