using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Inbox;

/// <summary>Reports every option of the workers that is out of range.</summary>
internal sealed class InboxWorkerOptionsValidator : IValidateOptions<InboxWorkerOptions>
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, InboxWorkerOptions options)
    {
        ValidateOptionsResultBuilder errors = new();
        Demand(options.MaxParallelism is > 0 and <= 10_000, $"{nameof(options.MaxParallelism)} must be 1 to 10,000.");
        Demand(options.VisibilityTimeout >= TimeSpan.FromSeconds(1) && options.VisibilityTimeout <= s_day, $"{nameof(options.VisibilityTimeout)} must be 1 second to 1 day.");
        Demand(options.MaxAttempts > 0, $"{nameof(options.MaxAttempts)} must be over 0.");
        Demand(options.RetryDelay >= TimeSpan.Zero, $"{nameof(options.RetryDelay)} must not be negative.");
        Demand(options.MaxRetryDelay >= options.RetryDelay && options.MaxRetryDelay <= s_day, $"{nameof(options.MaxRetryDelay)} must be at least {nameof(options.RetryDelay)}, up to 1 day.");
        Demand(options.PollInterval >= TimeSpan.FromMilliseconds(10) && options.PollInterval <= TimeSpan.FromHours(1), $"{nameof(options.PollInterval)} must be 10 milliseconds to 1 hour.");
        Demand(options.Retention >= TimeSpan.Zero, $"{nameof(options.Retention)} must not be negative.");
        Demand(options.DrainTimeout >= TimeSpan.Zero && options.DrainTimeout <= s_day, $"{nameof(options.DrainTimeout)} must be zero to 1 day.");
        return errors.Build();

        void Demand(bool holds, string error)
        {
            if (!holds)
            {
                errors.AddError($"{nameof(InboxWorkerOptions)}: {error}");
            }
        }
    }
}
