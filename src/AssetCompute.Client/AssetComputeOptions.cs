using System.Diagnostics;

namespace AssetCompute.Client;

/// <summary>
/// How to reach the Asset Compute Service, and as whom.
/// </summary>
/// <remarks>Checked when the application starts: what is missing or out of range is named, and an unknown configuration key is an error.</remarks>
public sealed class AssetComputeOptions
{
    internal static readonly Uri DefaultImsEndpoint = new("https://ims-na1.adobelogin.com");

    /// <summary>The service. Default: <c>https://asset-compute.adobe.io</c>. Only https; http is allowed to a loopback address.</summary>
    public Uri Endpoint { get; set; } = new("https://asset-compute.adobe.io");

    /// <summary>
    /// Adobe's identity service. Default: what <see cref="CredentialsFile"/> says, else <c>https://ims-na1.adobelogin.com</c>. Only https; http
    /// is allowed to a loopback address.
    /// </summary>
    public Uri ImsEndpoint { get; set; } = DefaultImsEndpoint;

    /// <summary>The IMS organization, such as <c>1234567890ABCDEF@AdobeOrg</c>. Required, here or in <see cref="CredentialsFile"/>.</summary>
    public string? OrganizationId { get; set; }

    /// <summary>The client id (API key) of the Developer Console project. Required, here or in <see cref="CredentialsFile"/>.</summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// The client secrets, tried in order, so that one can be rotated while the other serves. Required, here or in
    /// <see cref="CredentialsFile"/>, unless an own token provider is registered.
    /// </summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public IList<string> ClientSecrets { get; } = [];

    /// <summary>
    /// Scopes of the access token beside the default scopes, or in place of them where <see cref="UseDefaultScopes"/> is false. Default: none.
    /// </summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>
    /// Whether to ask for the default scopes: those of <see cref="CredentialsFile"/>, else the nine that the API page lists. Default: true.
    /// </summary>
    public bool UseDefaultScopes { get; set; } = true;

    /// <summary>
    /// The path, relative to the current directory or not, of a credentials file as Adobe's consoles write it. Default: for the account without a name, and only where
    /// <see cref="ClientSecrets"/> is empty, the environment variable <c>ASSET_COMPUTE_INTEGRATION_FILE_PATH</c>; else none. What is set in
    /// these options goes before what the file says. Read anew at each renewal of the token.
    /// </summary>
    public string? CredentialsFile { get; set; }

    /// <summary>
    /// The path of the private key of a JWT (service account) credential, which Adobe has retired. Its <see cref="CredentialsFile"/> may
    /// hold the key instead. RSA with at least 2,048 bits, as PEM, as DER, or as base64 of either. Default: for the account without a name, the environment variable
    /// <c>ASSET_COMPUTE_PRIVATE_KEY_FILE_PATH</c>; else none.
    /// </summary>
    public string? PrivateKeyFile { get; set; }

    /// <summary>The passphrase of an encrypted private key. Default: none.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? PrivateKeyPassphrase { get; set; }

    /// <summary>How failed calls are tried again.</summary>
    public AssetComputeRetryOptions Retry { get; } = new();

    /// <summary>How the callers of one client share what the service lets through.</summary>
    public AssetComputeThrottlingOptions Throttling { get; } = new();

    /// <summary>How the event journal is read.</summary>
    public JournalOptions Journal { get; } = new();

    /// <summary>
    /// Points these options at an emulator, as the account that it signs in unless it was started with others: no contract with Adobe is needed. A position of a journal that
    /// is gone, as after a restart of the emulator, is read on from the oldest event.
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
