namespace AssetCompute.Client.Webhooks;

/// <summary>How often something may be fetched: a few times at once, and one time more for each interval that passes.</summary>
internal sealed class FetchBudget(int atOnce, TimeSpan interval, TimeProvider timeProvider)
{
    private readonly object _gate = new();
    private double _saved = atOnce;
    private long _seen = timeProvider.GetTimestamp();

    public bool TryTake()
    {
        lock (_gate)
        {
            long now = timeProvider.GetTimestamp();
            _saved = Math.Min(atOnce, _saved + (timeProvider.GetElapsedTime(_seen, now).TotalSeconds / interval.TotalSeconds));
            _seen = now;
            if (_saved < 1)
            {
                return false;
            }

            _saved--;
            return true;
        }
    }
}
