using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// The credentials of one account: its current options, and the credentials file that they name.
/// </summary>
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

    /// <summary>Goes up whenever the account's options change.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>The organization and the client, for those who bring their own tokens; kept until the options change.</summary>
    /// <exception cref="AssetComputeAuthenticationException">Neither the options nor the file name them, or the file cannot be read.</exception>
    public AssetComputeIdentity GetIdentity()
    {
        int version = Version;
        if (_identity is not { } known || known.Version != version)
        {
            _identity = known = new KnownIdentity(_reader.ReadIdentity(_account, CurrentOptions()), version);
        }

        return known.Identity;
    }

    /// <summary>Options and file, read anew.</summary>
    /// <exception cref="AssetComputeAuthenticationException">Something is missing or malformed; the message names it.</exception>
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
