using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// Checks the credentials of an account when the application starts: with a custom token provider its organization and client id, else all that a
/// token request needs.
/// </summary>
/// <param name="account">The name of the account.</param>
/// <param name="reader">Reads the credentials.</param>
/// <param name="hasOwnTokens">Whether the account has a custom token provider.</param>
/// <param name="hint">What to add to an error, or null.</param>
internal sealed class CredentialsValidation(string account, CredentialsReader reader, Func<bool> hasOwnTokens, Func<string>? hint) : IValidateOptions<AssetComputeOptions>
{
    public ValidateOptionsResult Validate(string? name, AssetComputeOptions options)
    {
        if (!string.Equals(name ?? Options.DefaultName, account, StringComparison.Ordinal))
        {
            return ValidateOptionsResult.Skip;
        }

        try
        {
            if (hasOwnTokens())
            {
                reader.ReadIdentity(account, options);
            }
            else
            {
                reader.Read(account, options).Check();
            }

            return ValidateOptionsResult.Success;
        }
        catch (AssetComputeAuthenticationException exception)
        {
            return ValidateOptionsResult.Fail(exception.Message + hint?.Invoke());
        }
    }
}
