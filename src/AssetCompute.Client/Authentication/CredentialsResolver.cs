using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Authentication;

/// <summary>The credentials of one account, from its current options and their credentials file.</summary>
internal sealed class CredentialsResolver : IDisposable
{
    private readonly string _account;
    private readonly IOptionsMonitor<AssetComputeOptions> _options;
    private readonly CredentialsReader _reader;
    private readonly IDisposable? _subscription;
    private volatile KnownIdentity? _identity;
    private int _version;

    public CredentialsResolver(string account, IOptionsMonitor<AssetComputeOptions> options, CredentialsReader reader)
    {
        _account = account;
        _options = options;
        _reader = reader;
        _subscription = options.OnChange((_, name) =>
        {
            if (string.Equals(name ?? Options.DefaultName, account, StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _version);
            }
        });
    }

    /// <summary>A number that increases when the account's options change.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>Returns the organization and the client, for custom token providers. Cached until the options change.</summary>
    /// <exception cref="AssetComputeAuthenticationException">Neither the options nor the file contain them, or the file cannot be read.</exception>
    public AssetComputeIdentity GetIdentity()
    {
        int version = Version;
        if (_identity is not { } known || known.Version != version)
        {
            _identity = known = new KnownIdentity(_reader.ReadIdentity(_account, CurrentOptions()), version);
        }

        return known.Identity;
    }

    /// <summary>Reads the options and the file again.</summary>
    /// <exception cref="AssetComputeAuthenticationException">A value is missing or malformed; the message names it.</exception>
    public ImsCredentials Resolve() => _reader.Read(_account, CurrentOptions());

    public void Dispose() => _subscription?.Dispose();

    private AssetComputeOptions CurrentOptions()
    {
        try
        {
            return _options.Get(_account);
        }
        catch (OptionsValidationException exception)
        {
            throw new AssetComputeAuthenticationException($"The options are not valid: {exception.Message}", exception);
        }
    }

    private sealed record KnownIdentity(AssetComputeIdentity Identity, int Version);
}
