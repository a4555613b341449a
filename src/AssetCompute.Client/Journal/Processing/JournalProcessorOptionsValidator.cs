using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Journal;

/// <summary>Names every option of a processor that is out of its range.</summary>
internal sealed class JournalProcessorOptionsValidator : IValidateOptions<JournalProcessorOptions>
{
    public ValidateOptionsResult Validate(string? name, JournalProcessorOptions options)
    {
        List<string> errors = [];
        Demand(options.MaxParallelism > 0, $"{nameof(options.MaxParallelism)} must be over 0.");
        Demand(options.BatchSize > 0, $"{nameof(options.BatchSize)} must be over 0.");
        Demand(options.CommitCount > 0, $"{nameof(options.CommitCount)} must be over 0.");
        Demand(options.CommitInterval > TimeSpan.Zero, $"{nameof(options.CommitInterval)} must be over zero.");
        Demand(options.MaxAttempts > 0, $"{nameof(options.MaxAttempts)} must be over 0.");
        Demand(options.RetryDelay >= TimeSpan.Zero, $"{nameof(options.RetryDelay)} must not be negative.");
        Demand(options.MaxRetryDelay >= options.RetryDelay, $"{nameof(options.MaxRetryDelay)} must be at least {nameof(options.RetryDelay)}.");
        Demand(options.DrainTimeout >= TimeSpan.Zero, $"{nameof(options.DrainTimeout)} must not be negative.");
        Demand(options.StalledAfter > TimeSpan.Zero, $"{nameof(options.StalledAfter)} must be over zero.");
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
