using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Authentication;

/// <summary>The credentials of one account, from its current options and their credentials file.</summary>
internal sealed class CredentialsResolver(string account, IOptionsMonitor<AssetComputeOptions> monitor, CredentialsReader reader)
{
    private volatile KnownIdentity? _identity;

    /// <summary>The account's current options: another object after each change.</summary>
    /// <exception cref="AssetComputeAuthenticationException">The options are not valid.</exception>
    public AssetComputeOptions Options
    {
        get
        {
            try
            {
                return monitor.Get(account);
            }
            catch (OptionsValidationException exception)
            {
                throw new AssetComputeAuthenticationException($"The options are not valid: {exception.Message}", exception);
            }
        }
    }

    /// <summary>Returns the organization and the client, for custom token providers. Cached until the options change.</summary>
    /// <exception cref="AssetComputeAuthenticationException">Neither the options nor the file contain them, or the file cannot be read.</exception>
    public AssetComputeIdentity GetIdentity()
    {
        AssetComputeOptions options = Options;
        if (_identity is not { } known || known.Options != options)
        {
            _identity = known = new KnownIdentity(reader.ReadIdentity(account, options), options);
        }

        return known.Identity;
    }

    /// <summary>Reads the credentials, also from the file.</summary>
    /// <exception cref="AssetComputeAuthenticationException">A value is missing or malformed; the message names it.</exception>
    public ImsCredentials Resolve(AssetComputeOptions options) => reader.Read(account, options);

    private sealed record KnownIdentity(AssetComputeIdentity Identity, AssetComputeOptions Options);
}
