using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Journal;

/// <summary>Names every option of a relay that is out of its range.</summary>
internal sealed class JournalRelayOptionsValidator : IValidateOptions<JournalRelayOptions>
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, JournalRelayOptions options)
    {
        List<string> errors = [];
        Demand(options.Journal is null || SecureUrl.IsValid(options.Journal), $"{nameof(options.Journal)} must be an absolute https URL; http is allowed to a loopback address.");
        Demand(options.PageSize is null or (> 0 and <= 10_000), $"{nameof(options.PageSize)} must be 1 to 10,000.");
        Demand(options.BatchSize is > 0 and <= 10_000, $"{nameof(options.BatchSize)} must be 1 to 10,000.");
        Demand(options.OnExpired is null or (>= ExpiredPositionPolicy.Throw and <= ExpiredPositionPolicy.Latest), $"{nameof(options.OnExpired)} must be {nameof(ExpiredPositionPolicy.Throw)}, {nameof(ExpiredPositionPolicy.Oldest)} or {nameof(ExpiredPositionPolicy.Latest)}.");
        Demand(options.LeaseDuration >= TimeSpan.FromSeconds(1) && options.LeaseDuration <= TimeSpan.FromHours(1), $"{nameof(options.LeaseDuration)} must be 1 second to 1 hour.");
        Demand(options.RetryDelay >= TimeSpan.Zero, $"{nameof(options.RetryDelay)} must not be negative.");
        Demand(options.MaxRetryDelay >= options.RetryDelay && options.MaxRetryDelay <= s_day, $"{nameof(options.MaxRetryDelay)} must be at least {nameof(options.RetryDelay)}, up to 1 day.");
        Demand(options.StalledAfter > TimeSpan.Zero && options.StalledAfter <= s_day, $"{nameof(options.StalledAfter)} must be over zero, up to 1 day.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors.Select(error => $"{nameof(JournalRelayOptions)} '{name}': {error}"));

        void Demand(bool holds, string error)
        {
            if (!holds)
            {
                errors.Add(error);
            }
        }
    }
}
