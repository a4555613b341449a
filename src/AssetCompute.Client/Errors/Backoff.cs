namespace AssetCompute.Client;

/// <summary>The wait before a retry.</summary>
internal static class Backoff
{
    /// <summary>
    /// Returns a wait that doubles with each failure. Jitter reduces it by up to half, and adds up to <paramref name="first"/> to the wait that the service
    /// asks for.
    /// </summary>
    /// <param name="first">The wait after the first failure.</param>
    /// <param name="longest">The maximum wait, unless the service asks for more.</param>
    /// <param name="earlier">The number of earlier failures.</param>
    /// <param name="retryAfter">The minimum wait that the service asks for; null if it asks for none.</param>
    /// <param name="useJitter">Whether the wait is randomized.</param>
    public static TimeSpan Delay(TimeSpan first, TimeSpan longest, int earlier, TimeSpan? retryAfter = null, bool useJitter = true)
    {
        double wait = Math.Min(first.TotalSeconds * Math.Pow(2, Math.Min(earlier, 30)), longest.TotalSeconds);
        double asked = retryAfter?.TotalSeconds ?? 0;
        if (useJitter)
        {
            double chance = Random.Shared.NextDouble();
            wait *= 0.5 + (chance / 2);
            asked += Math.Min(asked, first.TotalSeconds) * chance;
        }

        return TimeSpan.FromSeconds(Math.Max(wait, asked));
    }
}
