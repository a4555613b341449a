namespace AssetCompute.Emulator;

/// <summary>
/// Adobe's rule for failing webhooks: a registration becomes unstable when 80% of at least 10 attempts in 24 hours fail. If it is still unstable at the end
/// of the unstable period, it is disabled.
/// </summary>
internal sealed class WebhookHealth(TimeSpan unstablePeriod)
{
    private const int FewestAttempts = 10;
    private const int MostFailuresPercent = 80;

    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    private readonly Queue<(DateTimeOffset Time, bool IsFailure)> _attempts = new();
    private int _failures;
    private DateTimeOffset? _unstableSince;

    /// <summary>Records an attempt and returns the new status.</summary>
    public EventRegistrationStatus Note(DateTimeOffset now, bool isFailure)
    {
        _attempts.Enqueue((now, isFailure));
        _failures += isFailure ? 1 : 0;
        while (_attempts.Peek().Time < now - Window)
        {
            _failures -= _attempts.Dequeue().IsFailure ? 1 : 0;
        }

        if (_attempts.Count < FewestAttempts || _failures * 100 < _attempts.Count * MostFailuresPercent)
        {
            _unstableSince = null;
            return EventRegistrationStatus.Active;
        }

        _unstableSince ??= now;
        return now - _unstableSince < unstablePeriod ? EventRegistrationStatus.Unstable : EventRegistrationStatus.Disabled;
    }
}
