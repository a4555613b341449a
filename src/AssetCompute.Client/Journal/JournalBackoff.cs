namespace AssetCompute.Client.Journal;

/// <summary>How long to wait after a failed read: a growing backoff with chance in it, and what the service asks for as the least.</summary>
internal static class JournalBackoff
{
    private static readonly Random s_random = new();

    /// <param name="options">The first wait and the longest.</param>
    /// <param name="failure">How many failures came before this one.</param>
    /// <param name="retryAfter">What the service asks for; null where it says nothing.</param>
    public static TimeSpan Delay(JournalOptions options, int failure, TimeSpan? retryAfter)
    {
        double chance = NextDouble();
        double backoff = Math.Min(options.RetryDelay.TotalSeconds * Math.Pow(2, Math.Min(failure, 30)), options.MaxRetryDelay.TotalSeconds);
        double asked = retryAfter?.TotalSeconds ?? 0;
        return TimeSpan.FromSeconds(Math.Max(backoff * (0.5 + (chance / 2)), asked + (Math.Min(asked, options.RetryDelay.TotalSeconds) * chance)));
    }

    private static double NextDouble()
    {
        lock (s_random)
        {
            return s_random.NextDouble();
        }
    }
}
