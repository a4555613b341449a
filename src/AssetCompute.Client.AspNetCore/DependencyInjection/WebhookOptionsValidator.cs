using AssetCompute.Client.Webhooks;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Checks the options of the webhooks. Every message names the option and its range.</summary>
internal sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    private const int LargestBody = 100 * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        ValidateOptionsResultBuilder errors = new();
        Require(!string.IsNullOrWhiteSpace(options.ClientId), nameof(options.ClientId), "is missing: set it to the client id of the project in which the events are registered.");
        RequireOrigin(options.PublicKeyEndpoint, nameof(options.PublicKeyEndpoint));
        RequireOrigin(options.ValidationEndpoint, nameof(options.ValidationEndpoint));
        Require(options.MaxBodyBytes is >= 1024 and <= LargestBody, nameof(options.MaxBodyBytes), "must be 1,024 to 104,857,600.");
        Require(options.MaxEventBytes is >= 1024 and <= LargestBody, nameof(options.MaxEventBytes), "must be 1,024 to 104,857,600.");
        Require(options.MaxBatchSize is >= 1 and <= 10_000, nameof(options.MaxBatchSize), "must be 1 to 10,000.");
        Require(options.MaxConcurrentDeliveries is >= 1 and <= 100_000, nameof(options.MaxConcurrentDeliveries), "must be 1 to 100,000.");
        Require(options.AnswerTimeout > TimeSpan.Zero && options.AnswerTimeout <= TimeSpan.FromMinutes(1), nameof(options.AnswerTimeout), "must be over zero, up to 60 seconds.");
        Require(options.KeyLifetime > TimeSpan.Zero && options.KeyLifetime <= TimeSpan.FromHours(24), nameof(options.KeyLifetime), "must be over zero, up to 24 hours.");
        return errors.Build();

        void Require(bool holds, string option, string rule)
        {
            if (!holds)
            {
                string prefix = string.IsNullOrEmpty(name) ? nameof(WebhookOptions) : $"{nameof(WebhookOptions)} of account '{name}'";
                errors.AddError($"{prefix}: {option} {rule}");
            }
        }

        void RequireOrigin(Uri? endpoint, string option) => Require(
            endpoint is { IsAbsoluteUri: true, PathAndQuery: "/", Fragment: "", UserInfo: "" } && (endpoint.Scheme == Uri.UriSchemeHttps || (endpoint.Scheme == Uri.UriSchemeHttp && endpoint.IsLoopback)),
            option,
            "must be an absolute https URL with no path, no query string, no fragment and no user name; http is allowed to a loopback address only.");
    }
}
