using AssetCompute.Client;
using AssetCompute.Client.Authentication;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Checks the options of one account, except the credentials, which authentication checks; every message names the option and what it
/// allows.
/// </summary>
internal sealed class AssetComputeOptionsValidator(string account) : IValidateOptions<AssetComputeOptions>
{
    private static readonly TimeSpan LeastTimeout = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, AssetComputeOptions options)
    {
        if (name != account)
        {
            return ValidateOptionsResult.Skip;
        }

        List<string> errors = [];
        RequireEndpoint(errors, options.Endpoint, nameof(options.Endpoint));
        RequireEndpoint(errors, options.ImsEndpoint, nameof(options.ImsEndpoint));
        CheckRetry(errors, options.Retry);
        CheckThrottling(errors, options.Throttling);
        CheckJournal(errors, options.Journal);
        if (errors.Count == 0)
        {
            return ValidateOptionsResult.Success;
        }

        string prefix = account.Length == 0 ? nameof(AssetComputeOptions) : $"{nameof(AssetComputeOptions)} of account '{account}'";
        return ValidateOptionsResult.Fail(errors.Select(error => $"{prefix}: {error}"));
    }

    private static void RequireEndpoint(List<string> errors, Uri? endpoint, string option)
    {
        if (endpoint is not { IsAbsoluteUri: true } || !SecureUrl.IsValid(endpoint))
        {
            errors.Add($"{option} must be an absolute https URL; http is allowed to a loopback address only. It is '{RedactedUrl.Of(endpoint)}'.");
        }
        else if (endpoint.Query.Length > 0 || endpoint.Fragment.Length > 0 || endpoint.UserInfo.Length > 0)
        {
            errors.Add($"{option} must have no query string, no fragment and no user name.");
        }
    }

    private static void RequireRange(List<string> errors, TimeSpan value, TimeSpan least, TimeSpan most, string option, string? range = null)
    {
        if (value < least || value > most)
        {
            errors.Add($"{option} must be {range ?? $"{least} to {most}"}; it is {value}.");
        }
    }

    private static void CheckRetry(List<string> errors, AssetComputeRetryOptions retry)
    {
        const string path = nameof(AssetComputeOptions.Retry) + ".";
        if (retry.MaxRetryAttempts is < 0 or > 100)
        {
            errors.Add($"{path}{nameof(retry.MaxRetryAttempts)} must be 0 to 100; it is {retry.MaxRetryAttempts}.");
        }

        RequireRange(errors, retry.MaxDelay, TimeSpan.FromTicks(1), Day, path + nameof(retry.MaxDelay), $"over zero, up to {Day}");
        RequireRange(errors, retry.Delay, TimeSpan.FromTicks(1), retry.MaxDelay, path + nameof(retry.Delay), $"over zero, up to {nameof(retry.MaxDelay)} ({retry.MaxDelay})");
        RequireRange(errors, retry.MaxRetryAfter, TimeSpan.Zero, Day, path + nameof(retry.MaxRetryAfter));
        RequireRange(errors, retry.AttemptTimeout, LeastTimeout, Day, path + nameof(retry.AttemptTimeout));
        RequireRange(errors, retry.TotalTimeout, Max(retry.AttemptTimeout, LeastTimeout), Day, path + nameof(retry.TotalTimeout), $"{nameof(retry.AttemptTimeout)} ({retry.AttemptTimeout}) to {Day}");
    }

    private static void CheckThrottling(List<string> errors, AssetComputeThrottlingOptions throttling)
    {
        if (throttling.MaxConcurrentRequests is <= 0)
        {
            errors.Add($"{nameof(AssetComputeOptions.Throttling)}.{nameof(throttling.MaxConcurrentRequests)} must be over 0, or null for no limit; it is {throttling.MaxConcurrentRequests}.");
        }
    }

    private static void CheckJournal(List<string> errors, JournalOptions journal)
    {
        const string path = nameof(AssetComputeOptions.Journal) + ".";
        if (journal.PageSize is < 1 or > 10_000)
        {
            errors.Add($"{path}{nameof(journal.PageSize)} must be 1 to 10,000, or null to let the service decide; it is {journal.PageSize}.");
        }

        RequireRange(errors, journal.PollInterval, TimeSpan.FromMilliseconds(1), Day, path + nameof(journal.PollInterval));
        RequireRange(errors, journal.MaxPollInterval, journal.PollInterval, Day, path + nameof(journal.MaxPollInterval), $"{nameof(journal.PollInterval)} ({journal.PollInterval}) to {Day}");
        RequireRange(errors, journal.MaxRetryAfter, TimeSpan.Zero, Day, path + nameof(journal.MaxRetryAfter));
        RequireRange(errors, journal.ReadTimeout, LeastTimeout, Day, path + nameof(journal.ReadTimeout));
        RequireRange(errors, journal.RetryDelay, TimeSpan.FromMilliseconds(1), Day, path + nameof(journal.RetryDelay));
        RequireRange(errors, journal.MaxRetryDelay, journal.RetryDelay, Day, path + nameof(journal.MaxRetryDelay), $"{nameof(journal.RetryDelay)} ({journal.RetryDelay}) to {Day}");
        RequireRange(errors, journal.ReadinessTimeout, TimeSpan.Zero, Day, path + nameof(journal.ReadinessTimeout));
        if (journal.MaxConsecutiveFailures < 1)
        {
            errors.Add($"{path}{nameof(journal.MaxConsecutiveFailures)} must be 1 or more; it is {journal.MaxConsecutiveFailures}.");
        }

        if (journal.MaxEventBytes < 1024)
        {
            errors.Add($"{path}{nameof(journal.MaxEventBytes)} must be 1,024 or more; it is {journal.MaxEventBytes}.");
        }

        if (journal.OnExpired is < ExpiredPositionPolicy.Throw or > ExpiredPositionPolicy.Latest)
        {
            errors.Add($"{path}{nameof(journal.OnExpired)} must be {nameof(ExpiredPositionPolicy.Throw)}, {nameof(ExpiredPositionPolicy.Oldest)} or {nameof(ExpiredPositionPolicy.Latest)}.");
        }
    }

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
