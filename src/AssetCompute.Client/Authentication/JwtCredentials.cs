using System.Diagnostics;

namespace AssetCompute.Client.Authentication;

/// <summary>
/// JWT (service account): an assertion, signed with the account's private key, is exchanged for a token. Adobe has retired these credentials;
/// the service credentials of AEM as a Cloud Service are the last that come in this form.
/// </summary>
internal sealed class JwtCredentials : ImsCredentials
{
    private const string Retired =
        "Adobe retired JWT (service account) credentials on 2025-06-30: create an OAuth Server-to-Server credential in Adobe Developer Console and name its file, or, for AEM's service credentials, create them anew in AEM Developer Console.";

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly RsaKeySource _key;

    private readonly string _technicalAccountId;
    private readonly IReadOnlyList<string> _metascopes;

    public JwtCredentials(
        AssetComputeIdentity identity,
        Uri imsEndpoint,
        IReadOnlyList<string> clientSecrets,
        string technicalAccountId,
        IReadOnlyList<string> metascopes,
        RsaKeySource key)
        : base(identity, imsEndpoint, clientSecrets)
    {
        _technicalAccountId = technicalAccountId;
        _metascopes = metascopes;
        _key = key;
        TokenKey = string.Join(
            "\n", "jwt", ImsEndpoint, identity.OrganizationId, identity.ClientId, technicalAccountId, string.Join(",", metascopes));
        TokenUri = new Uri(ImsEndpoint + "/ims/exchange/jwt");
    }

    public override string Kind => "JWT";

    public override string TokenKey { get; }

    public override Uri TokenUri { get; }

    public override ExpiresInUnit ExpiresInUnit => ExpiresInUnit.Milliseconds;

    public override void Check()
    {
        base.Check();
        _key.Open().Dispose();
    }

    public override IReadOnlyList<KeyValuePair<string, string>> CreateForm(string clientSecret, DateTimeOffset now) =>
    [
        new("client_id", Identity.ClientId),
        new("client_secret", clientSecret),
        new("jwt_token", JwtAssertion.Create(Identity, ImsEndpoint, _technicalAccountId, _metascopes, _key, now)),
    ];

    public override bool IsSecretRefused(ImsAnswer answer) =>
        answer.Status is 400 or 401 && string.Equals(answer.Error, "invalid_client", StringComparison.Ordinal);

    public override string Advice(ImsAnswer answer)
    {
        string cause = answer.Error switch
        {
            "invalid_client" => "The client does not exist, its secret is wrong, or it may no longer exchange a JWT.",
            "invalid_token" or "invalid_signature" => "The private key does not match a certificate of the credential, the certificate has expired, or this machine's clock is wrong.",
            "invalid_scope" => "The credential lacks one of the metascopes that its file names.",
            _ => "",
        };

        return $"{cause} {Retired}".TrimStart();
    }
}
