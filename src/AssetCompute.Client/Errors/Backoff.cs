namespace AssetCompute.Client;

/// <summary>How long to wait before something is tried again.</summary>
internal static class Backoff
{
    private static readonly Random s_random = new();

    /// <summary>
    /// A wait that doubles with each failure. Jitter takes up to half of it away, and adds up to <paramref name="first"/> to what the service asks for.
    /// </summary>
    /// <param name="first">The wait after the first failure.</param>
    /// <param name="longest">The longest wait, except where the service asks for more.</param>
    /// <param name="earlier">How many failures came before this one.</param>
    /// <param name="retryAfter">The least wait, which the service asks for; null where it says nothing.</param>
    /// <param name="useJitter">Whether the wait varies by chance.</param>
    public static TimeSpan Delay(TimeSpan first, TimeSpan longest, int earlier, TimeSpan? retryAfter = null, bool useJitter = true)
    {
        double wait = Math.Min(first.TotalSeconds * Math.Pow(2, Math.Min(earlier, 30)), longest.TotalSeconds);
        double asked = retryAfter?.TotalSeconds ?? 0;
        if (useJitter)
        {
            double chance = NextDouble();
            wait *= 0.5 + (chance / 2);
            asked += Math.Min(asked, first.TotalSeconds) * chance;
        }

        return TimeSpan.FromSeconds(Math.Max(wait, asked));
    }

    /// <summary>A number from 0 up to 1, by chance.</summary>
    public static double NextDouble()
    {
        // .NET Standard 2.0 has no generator that several threads may share.
        lock (s_random)
        {
            return s_random.NextDouble();
        }
    }
}
