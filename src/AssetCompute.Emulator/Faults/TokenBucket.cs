namespace AssetCompute.Emulator;

/// <summary>A token bucket on the emulator's clock, with a burst size and a sustained rate per second.</summary>
internal sealed class TokenBucket(double perSecond, int burst, TimeProvider clock) : CallLimit
{
    private double _tokens = burst;
    private long _filled = clock.GetTimestamp();

    public override string Name => "rate limit";

    public override string Description => $"{perSecond:0.###} a second, {burst} at once";

    public override bool TryTake(out TimeSpan wait)
    {
        var now = clock.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + clock.GetElapsedTime(_filled, now).TotalSeconds * perSecond);
        _filled = now;
        if (_tokens >= 1)
        {
            _tokens--;
            wait = TimeSpan.Zero;
            return true;
        }

        wait = TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling((1 - _tokens) / perSecond)));
        return false;
    }
}
