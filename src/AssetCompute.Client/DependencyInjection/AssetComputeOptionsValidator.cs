using System.Runtime.CompilerServices;
using AssetCompute.Client;
using AssetCompute.Client.Authentication;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Checks the options of one account. Each message names the option and its range, or the missing credentials.</summary>
/// <param name="account">The name of the account.</param>
/// <param name="credentials">Reads the credentials.</param>
/// <param name="hasOwnTokens">Whether the account has a custom token provider, which needs only an organization and a client id.</param>
/// <param name="hint">Returns a hint to append to an error of the credentials.</param>
internal sealed class AssetComputeOptionsValidator(string account, CredentialsReader credentials, Func<bool> hasOwnTokens, Func<string> hint) : IValidateOptions<AssetComputeOptions>
{
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_leastTimeout = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, AssetComputeOptions options)
    {
        if ((name ?? Options.Options.DefaultName) != account)
        {
            return ValidateOptionsResult.Skip;
        }

        AssetComputeRetryOptions retry = options.Retry;
        JournalOptions journal = options.Journal;
        string?[] errors =
        [
            Endpoint(options.Endpoint, nameof(options.Endpoint)),
            Endpoint(options.ImsEndpoint, nameof(options.ImsEndpoint)),
            Range(retry.MaxRetryAttempts, 0, 100),
            Range(retry.MaxDelay, s_tick, s_day, $"over zero, up to {s_day}"),
            Range(retry.Delay, s_tick, retry.MaxDelay, $"over zero, up to {nameof(retry.MaxDelay)} ({retry.MaxDelay})"),
            Range(retry.MaxRetryAfter, TimeSpan.Zero, s_day),
            Range(retry.AttemptTimeout, s_leastTimeout, s_day),
            Range(retry.TotalTimeout, retry.AttemptTimeout > s_leastTimeout ? retry.AttemptTimeout : s_leastTimeout, s_day, $"{nameof(retry.AttemptTimeout)} ({retry.AttemptTimeout}) to {s_day}"),
            Range(options.Throttling.MaxConcurrentRequests, 1, int.MaxValue, "over 0, or null for no limit"),
            Range(journal.PageSize, 1, 10_000, "1 to 10,000, or null to let the service decide"),
            Range(journal.PollInterval, s_millisecond, s_day),
            Range(journal.MaxPollInterval, journal.PollInterval, s_day, $"{nameof(journal.PollInterval)} ({journal.PollInterval}) to {s_day}"),
            Range(journal.MaxRetryAfter, TimeSpan.Zero, s_day),
            Range(journal.ReadTimeout, s_leastTimeout, s_day),
            Range(journal.RetryDelay, s_millisecond, s_day),
            Range(journal.MaxRetryDelay, journal.RetryDelay, s_day, $"{nameof(journal.RetryDelay)} ({journal.RetryDelay}) to {s_day}"),
            Range(journal.ReadinessTimeout, TimeSpan.Zero, s_day),
            Range(journal.MaxConsecutiveFailures, 1, int.MaxValue, "1 or more"),
            Range(journal.MaxEventBytes, 1024, int.MaxValue, "1,024 or more"),
            Range((int)journal.OnExpired, (int)ExpiredPositionPolicy.Throw, (int)ExpiredPositionPolicy.Latest, "Throw, Oldest or Latest", "journal.OnExpired"),
        ];
        string prefix = account.Length == 0 ? nameof(AssetComputeOptions) : $"{nameof(AssetComputeOptions)} of account '{account}'";
        string[] found = [.. errors.OfType<string>().Select(error => $"{prefix}: {error}"), .. CheckCredentials(options)];
        return found.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
    }

    private string[] CheckCredentials(AssetComputeOptions options)
    {
        try
        {
            if (hasOwnTokens())
            {
                credentials.ReadIdentity(account, options);
            }
            else
            {
                credentials.Read(account, options).Check();
            }

            return [];
        }
        catch (AssetComputeAuthenticationException exception)
        {
            return [exception.Message + hint()];
        }
    }

    private static string? Endpoint(Uri? endpoint, string option) =>
        endpoint is not { IsAbsoluteUri: true } || !SecureUrl.IsValid(endpoint)
            ? $"{option} must be an absolute https URL; http is allowed to a loopback address only.{(endpoint is { IsAbsoluteUri: true } ? $" It is '{RedactedUrl.Of(endpoint)}'." : "")}"
        : endpoint.Query.Length > 0 || endpoint.Fragment.Length > 0 || endpoint.UserInfo.Length > 0
            ? $"{option} must have no query string, no fragment and no user name."
        : null;

    /// <returns>The error; null if there is none. A null value is within every range.</returns>
    private static string? Range<T>(T? value, T least, T most, string? range = null, [CallerArgumentExpression(nameof(value))] string option = "")
        where T : struct, IComparable<T> =>
        value is { } given && (given.CompareTo(least) < 0 || given.CompareTo(most) > 0)
            ? $"{NameOf(option)} must be {range ?? $"{least} to {most}"}; it is {given}."
            : null;

    /// <summary>Returns the name of an option as users write it: <c>Retry.Delay</c> for <c>retry.Delay</c>.</summary>
    private static string NameOf(string expression) =>
        expression.StartsWith("options.", StringComparison.Ordinal) ? expression.Substring("options.".Length) : char.ToUpperInvariant(expression[0]) + expression.Substring(1);
}
