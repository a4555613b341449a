namespace AssetCompute.Client.Inbox;

/// <summary>A wait that doubles with each failure, with chance in it so that many do not come back at the same moment.</summary>
internal static class InboxBackoff
{
    /// <param name="first">The wait after the first failure.</param>
    /// <param name="longest">The longest wait.</param>
    /// <param name="failures">How many there have been, from 1.</param>
    public static TimeSpan Delay(TimeSpan first, TimeSpan longest, int failures)
    {
        double seconds = Math.Min(first.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 40)), longest.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
