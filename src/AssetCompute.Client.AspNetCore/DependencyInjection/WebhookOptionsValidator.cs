using AssetCompute.Client.Webhooks;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Checks the options of one webhook. Every message names the option and its range.</summary>
internal sealed class WebhookOptionsValidator(string account) : IValidateOptions<WebhookOptions>
{
    private const int LargestBody = 100 * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        if (name != account)
        {
            return ValidateOptionsResult.Skip;
        }

        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(options.ClientId))
        {
            errors.Add($"{nameof(options.ClientId)} is missing: set it to the client id of the project in which the events are registered.");
        }

        RequireOrigin(options.PublicKeyEndpoint, nameof(options.PublicKeyEndpoint));
        RequireOrigin(options.ValidationEndpoint, nameof(options.ValidationEndpoint));
        RequireRange(options.MaxBodyBytes, 1024, LargestBody, nameof(options.MaxBodyBytes));
        RequireRange(options.MaxEventBytes, 1024, LargestBody, nameof(options.MaxEventBytes));
        RequireRange(options.MaxBatchSize, 1, 10_000, nameof(options.MaxBatchSize));
        RequireRange(options.MaxConcurrentDeliveries, 1, 100_000, nameof(options.MaxConcurrentDeliveries));
        RequireTime(options.AnswerTimeout, TimeSpan.FromMinutes(1), nameof(options.AnswerTimeout));
        RequireTime(options.KeyLifetime, TimeSpan.FromHours(24), nameof(options.KeyLifetime));
        string prefix = account.Length == 0 ? nameof(WebhookOptions) : $"{nameof(WebhookOptions)} of account '{account}'";
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors.Select(error => $"{prefix}: {error}"));

        void RequireOrigin(Uri? endpoint, string option)
        {
            if (endpoint is not { IsAbsoluteUri: true } || !(endpoint.Scheme == Uri.UriSchemeHttps || (endpoint.Scheme == Uri.UriSchemeHttp && endpoint.IsLoopback)))
            {
                errors.Add($"{option} must be an absolute https URL; http is allowed to a loopback address only.");
            }
            else if (endpoint.PathAndQuery != "/" || endpoint.Fragment.Length > 0 || endpoint.UserInfo.Length > 0)
            {
                errors.Add($"{option} must have no path, no query string, no fragment and no user name.");
            }
        }

        void RequireRange(int value, int least, int most, string option)
        {
            if (value < least || value > most)
            {
                errors.Add(FormattableString.Invariant($"{option} must be {least:N0} to {most:N0}; it is {value:N0}."));
            }
        }

        void RequireTime(TimeSpan value, TimeSpan most, string option)
        {
            if (value <= TimeSpan.Zero || value > most)
            {
                errors.Add($"{option} must be over zero, up to {most}; it is {value}.");
            }
        }
    }
}
