namespace AssetCompute.Emulator;

/// <summary>A classic token bucket on the emulator's clock: so many calls at once, so many a second in the long run.</summary>
internal sealed class TokenBucket(double perSecond, int burst, TimeSpan? retryAfter, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private double _tokens = burst;
    private long _filled = clock.GetTimestamp();

    public double PerSecond => perSecond;

    public int Burst => burst;

    /// <summary>Takes a token; without one, says when the next will be there (or what the fault was told to say).</summary>
    public bool TryTake(out TimeSpan wait)
    {
        lock (_gate)
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

            wait = retryAfter ?? TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling((1 - _tokens) / perSecond)));
            return false;
        }
    }
}
