namespace AssetCompute.Client.Authentication;

/// <summary>OAuth server-to-server credentials: the client id and a secret are exchanged for a token.</summary>
internal sealed class OAuthCredentials(AssetComputeIdentity identity, Uri imsEndpoint, IReadOnlyList<string> clientSecrets, IReadOnlyList<string> scopes)
    : ImsCredentials("OAuth server-to-server", identity, imsEndpoint, clientSecrets, "/ims/token/v3", string.Join(",", scopes))
{
    /// <summary>The scopes that the API page of the service lists.</summary>
    public static IReadOnlyList<string> DefaultScopes { get; } =
    [
        "openid",
        "AdobeID",
        "asset_compute",
        "read_organizations",
        "event_receiver",
        "event_receiver_api",
        "adobeio_api",
        "additional_info.roles",
        "additional_info.projectedProductContext",
    ];

    public override TimeSpan ExpiresInUnit => TimeSpan.FromSeconds(1);

    public override IReadOnlyList<KeyValuePair<string, string>> CreateForm(string clientSecret, DateTimeOffset now) =>
    [
        new("client_id", Identity.ClientId),
        new("client_secret", clientSecret),
        new("grant_type", "client_credentials"),
        new("scope", string.Join(",", scopes)),
    ];

    public override bool IsSecretRefused(ImsError error) =>
        error is { Status: 400, Code: "invalid_client", Description: "invalid client_secret parameter" };

    public override string GetAdvice(ImsError error) => error.Code switch
    {
        "invalid_client" when IsSecretRefused(error) => ClientSecrets.Count == 1
            ? "The client secret is not accepted: copy it again from the credential in Adobe Developer Console."
            : $"None of the {ClientSecrets.Count} client secrets is accepted: copy one again from the credential in Adobe Developer Console.",
        "invalid_client" => "Check the client id against the credential in Adobe Developer Console, and that it is an OAuth Server-to-Server credential of this environment.",
        "invalid_scope" => "The credential lacks one of the scopes: add the Asset Compute, I/O Events and I/O Management APIs to the project, or set UseDefaultScopes to false and Scopes to those that the credential lists.",
        _ => "",
    };
}
