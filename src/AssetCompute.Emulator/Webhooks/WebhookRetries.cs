namespace AssetCompute.Emulator;

/// <summary>When a delivery is tried again: after 1, 2, 4, 8 minutes, then every 15, until 24 hours after the first attempt.</summary>
internal static class WebhookRetries
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Period = TimeSpan.FromHours(24);

    /// <summary>Whether an answer that is none, or has this status, is worth another attempt.</summary>
    public static bool IsWorthIt(int? status) => status is null or 429 or (>= 500 and <= 599 and not 505);

    /// <summary>When the next attempt is made, or <see langword="null"/> when its time has run out.</summary>
    /// <param name="retryCount">How many attempts came before the one that has just failed.</param>
    /// <param name="first">When the first attempt failed.</param>
    /// <param name="now">When this one failed.</param>
    public static DateTimeOffset? Next(int retryCount, DateTimeOffset first, DateTimeOffset now)
    {
        var wait = retryCount < 4 ? TimeSpan.FromMinutes(1 << retryCount) : Longest;
        return now + wait <= first + Period ? now + wait : null;
    }
}
