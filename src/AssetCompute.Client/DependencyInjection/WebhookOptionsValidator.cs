using AssetCompute.Client.Webhooks;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Checks the options of one webhook.</summary>
internal sealed class WebhookOptionsValidator(string account) : IValidateOptions<WebhookOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        if (name != account)
        {
            return ValidateOptionsResult.Skip;
        }

        string prefix = account.Length == 0 ? nameof(WebhookOptions) : $"{nameof(WebhookOptions)} of account '{account}'";
        IReadOnlyList<string> errors = WebhookOptionsRules.Check(options);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors.Select(error => $"{prefix}: {error}"));
    }
}
