using AssetCompute.Client.Authentication;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Journal;

/// <summary>Names every option of a processor that is out of its range.</summary>
internal sealed class JournalProcessorOptionsValidator : IValidateOptions<JournalProcessorOptions>
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, JournalProcessorOptions options)
    {
        List<string> errors = [];
        Demand(options.MaxParallelism > 0, $"{nameof(options.MaxParallelism)} must be over 0.");
        Demand(options.BatchSize > 0, $"{nameof(options.BatchSize)} must be over 0.");
        Demand(options.CommitCount > 0, $"{nameof(options.CommitCount)} must be over 0.");
        Demand(options.CommitInterval > TimeSpan.Zero && options.CommitInterval <= s_longest, $"{nameof(options.CommitInterval)} must be over zero, up to 1 day.");
        Demand(options.MaxAttempts > 0, $"{nameof(options.MaxAttempts)} must be over 0.");
        Demand(options.RetryDelay >= TimeSpan.Zero, $"{nameof(options.RetryDelay)} must not be negative.");
        Demand(options.MaxRetryDelay >= options.RetryDelay && options.MaxRetryDelay <= s_longest, $"{nameof(options.MaxRetryDelay)} must be at least {nameof(options.RetryDelay)}, up to 1 day.");
        Demand(options.DrainTimeout >= TimeSpan.Zero && options.DrainTimeout <= s_longest, $"{nameof(options.DrainTimeout)} must be zero to 1 day.");
        Demand(options.OnExpired is null or (>= ExpiredPositionPolicy.Throw and <= ExpiredPositionPolicy.Latest), $"{nameof(options.OnExpired)} must be {nameof(ExpiredPositionPolicy.Throw)}, {nameof(ExpiredPositionPolicy.Oldest)} or {nameof(ExpiredPositionPolicy.Latest)}.");
        Demand(options.Journal is null || SecureUrl.IsValid(options.Journal), $"{nameof(options.Journal)} must be an absolute https URL; http is allowed to a loopback address.");
        Demand(options.StalledAfter > TimeSpan.Zero && options.StalledAfter <= s_longest, $"{nameof(options.StalledAfter)} must be over zero, up to 1 day.");
        Demand(options.PageSize is null or (> 0 and <= 10_000), $"{nameof(options.PageSize)} must be 1 to 10,000.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors.Select(error => $"{nameof(JournalProcessorOptions)} '{name}': {error}"));

        void Demand(bool holds, string error)
        {
            if (!holds)
            {
                errors.Add(error);
            }
        }
    }
}
