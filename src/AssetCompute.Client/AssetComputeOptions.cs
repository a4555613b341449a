using System.Diagnostics;

namespace AssetCompute.Client;

/// <summary>Options of a client: the address of the Asset Compute Service, and the account to sign in with.</summary>
/// <remarks>The options are checked when the application starts. An error names each option that is missing or out of range. An unknown configuration key is an error.</remarks>
public sealed class AssetComputeOptions
{
    internal static readonly Uri DefaultImsEndpoint = new("https://ims-na1.adobelogin.com");

    /// <summary>The service. Default: <c>https://asset-compute.adobe.io</c>. Only https; http is allowed for a loopback address.</summary>
    public Uri Endpoint { get; set; } = new("https://asset-compute.adobe.io");

    /// <summary>
    /// Adobe's identity service. Default: the value in <see cref="CredentialsFile"/>, or <c>https://ims-na1.adobelogin.com</c>. Only https; http is allowed
    /// for a loopback address.
    /// </summary>
    public Uri ImsEndpoint { get; set; } = DefaultImsEndpoint;

    /// <summary>The IMS organization, such as <c>1234567890ABCDEF@AdobeOrg</c>. Required, here or in <see cref="CredentialsFile"/>.</summary>
    public string? OrganizationId { get; set; }

    /// <summary>The client id (API key) of the Developer Console project. Required, here or in <see cref="CredentialsFile"/>.</summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// The client secrets, tried in order, so that one can be rotated while another is in use. Required, here or in <see cref="CredentialsFile"/>, unless a
    /// custom token provider is registered.
    /// </summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public IList<string> ClientSecrets { get; } = [];

    /// <summary>
    /// Scopes of the access token in addition to the default scopes, or instead of them if <see cref="UseDefaultScopes"/> is false. Default: none.
    /// </summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>
    /// Whether to request the default scopes: those of <see cref="CredentialsFile"/>, or the nine scopes of the API page. Default: true.
    /// </summary>
    public bool UseDefaultScopes { get; set; } = true;

    /// <summary>
    /// The path of a credentials file of Adobe's consoles, absolute or relative to the current directory. Default: for the account without a name, and only if
    /// <see cref="ClientSecrets"/> is empty, the environment variable <c>ASSET_COMPUTE_INTEGRATION_FILE_PATH</c>; else none. Values in these options override
    /// the file. The file is read again at each renewal of the token.
    /// </summary>
    public string? CredentialsFile { get; set; }

    /// <summary>
    /// The path of the private key of a JWT (service account) credential, which Adobe has retired. Its <see cref="CredentialsFile"/> may contain the key
    /// instead. RSA with at least 2,048 bits, as PEM, as DER, or as base64 of either. Default: for the account without a name, the environment variable
    /// <c>ASSET_COMPUTE_PRIVATE_KEY_FILE_PATH</c>; else none.
    /// </summary>
    public string? PrivateKeyFile { get; set; }

    /// <summary>The passphrase of an encrypted private key. Default: none.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? PrivateKeyPassphrase { get; set; }

    /// <summary>How the client retries failed calls.</summary>
    public AssetComputeRetryOptions Retry { get; } = new();

    /// <summary>How the callers of one client share the capacity of the service.</summary>
    public AssetComputeThrottlingOptions Throttling { get; } = new();

    /// <summary>How the client reads the event journal.</summary>
    public JournalOptions Journal { get; } = new();

    /// <summary>
    /// Points these options at an emulator, with the account of an emulator that was started without other clients. No contract with Adobe is needed. If a position belongs to a journal that
    /// no longer exists, such as after a restart of the emulator, reading continues at the oldest event.
    /// </summary>
    /// <param name="endpoint">The emulator's address, which it prints when it starts.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="endpoint"/> is null.</exception>
    public AssetComputeOptions UseEmulator(Uri endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        Endpoint = endpoint;
        ImsEndpoint = endpoint;
        OrganizationId = "emulator@AdobeOrg";
        ClientId = "emulator-client";
        ClientSecrets.Clear();
        ClientSecrets.Add("emulator-secret");
        CredentialsFile = null;

        // An emulator without a data folder has a new journal after each start.
        Journal.OnExpired = ExpiredPositionPolicy.Oldest;
        return this;
    }
}
