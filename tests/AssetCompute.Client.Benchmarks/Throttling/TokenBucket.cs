using System.Diagnostics;

namespace AssetCompute.Client.Benchmarks.Throttling;

/// <summary>So many tokens a second; what is not taken is saved up to the capacity, which is there at the start.</summary>
internal sealed class TokenBucket(double perSecond, double capacity)
{
    private readonly Lock _lock = new();
    private double _used;
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>How long so many requests take when each is sent the moment it is let through.</summary>
    public TimeSpan IdealTime(int requests) => TimeSpan.FromSeconds(Math.Max(0, requests - capacity) / perSecond);

    public bool TryTake()
    {
        lock (_lock)
        {
            long now = Stopwatch.GetTimestamp();
            _used = Math.Max(0, _used - (Stopwatch.GetElapsedTime(_last, now).TotalSeconds * perSecond));
            _last = now;
            if (_used + 1 > capacity)
            {
                return false;
            }

            _used++;
            return true;
        }
    }
}
