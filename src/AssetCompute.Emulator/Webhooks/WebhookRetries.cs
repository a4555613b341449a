namespace AssetCompute.Emulator;

/// <summary>The retry schedule of a delivery: after 1, 2, 4 and 8 minutes, then every 15 minutes until 24 hours after the first attempt.</summary>
internal static class WebhookRetries
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Period = TimeSpan.FromHours(24);

    /// <summary>Whether a status, or the lack of a response, should be retried.</summary>
    public static bool IsWorthIt(int? status) => status is null or 429 or (>= 500 and <= 599 and not 505);

    /// <summary>Returns the time of the next attempt, or <see langword="null"/> if the 24 hours are over.</summary>
    /// <param name="retryCount">The number of attempts before the one that just failed.</param>
    /// <param name="first">The time when the first attempt failed.</param>
    /// <param name="now">The time when this attempt failed.</param>
    public static DateTimeOffset? Next(int retryCount, DateTimeOffset first, DateTimeOffset now)
    {
        var wait = retryCount < 4 ? TimeSpan.FromMinutes(1 << retryCount) : Longest;
        return now + wait <= first + Period ? now + wait : null;
    }
}
