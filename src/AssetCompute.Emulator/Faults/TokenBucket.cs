namespace AssetCompute.Emulator;

/// <summary>A token bucket on the emulator's clock, with a burst size and a sustained rate per second.</summary>
internal sealed class TokenBucket(double perSecond, int burst, TimeProvider clock, TimeSpan? retryAfter, bool sendsRetryAfter)
    : CallLimit("rate limit", $"{perSecond:0.###} a second, {burst} at once", retryAfter, sendsRetryAfter)
{
    private double _tokens = burst;
    private long _filled = clock.GetTimestamp();

    public override TimeSpan? Take()
    {
        var now = clock.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + clock.GetElapsedTime(_filled, now).TotalSeconds * perSecond);
        _filled = now;
        if (_tokens < 1)
        {
            return TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling((1 - _tokens) / perSecond)));
        }

        _tokens--;
        return null;
    }
}
