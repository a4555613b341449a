using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// Finds at the start of the application, and not at the first call, what an account lacks to sign in: with own tokens only as whom it
/// calls, else the whole of its credentials.
/// </summary>
internal sealed class CredentialsValidation(string account, CredentialsReader reader, Func<bool> hasOwnTokens) : IValidateOptions<AssetComputeOptions>
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
            return ValidateOptionsResult.Fail(exception.Message);
        }
    }
}
