namespace AssetCompute.Emulator;

/// <summary>A project of the Adobe Developer Console, as the emulator knows it: its credentials and its organization.</summary>
public sealed record EmulatorClient
{
    /// <summary>The client that may sign in if no other is configured: <c>emulator-client</c>, <c>emulator-secret</c>, <c>emulator@AdobeOrg</c>.</summary>
    public static EmulatorClient WellKnown { get; } = new()
    {
        ClientId = "emulator-client",
        ClientSecrets = ["emulator-secret"],
        OrganizationId = "emulator@AdobeOrg",
    };

    /// <summary>The client id, which is also the API key (<c>x-api-key</c>).</summary>
    public required string ClientId { get; init; }

    /// <summary>The accepted secrets: one, or several during rotation.</summary>
    public required IReadOnlyList<string> ClientSecrets { get; init; }

    /// <summary>The IMS organization that the client belongs to, such as <c>0123ABC@AdobeOrg</c>.</summary>
    public required string OrganizationId { get; init; }

    /// <summary>The technical account that tokens are issued for, and the <c>sub</c> of a JWT. Default: <c>emulator@techacct.adobe.com</c>.</summary>
    public string TechnicalAccountId { get => field ?? "emulator@techacct.adobe.com"; init; }

    /// <summary>The OAuth scopes that may be requested. <see langword="null"/> (the default) allows every scope.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>The metascopes that a JWT may claim, such as <c>asset_compute_meta</c>. <see langword="null"/> (the default) allows every metascope.</summary>
    public IReadOnlyList<string>? MetaScopes { get; init; }

    /// <summary>The public keys or certificates, as PEM text, that verify the signature of a JWT. If empty (the default), no JWT is accepted.</summary>
    public IReadOnlyList<string> PublicKeys { get => field ?? []; init; }

    /// <summary>Returns the client id and the organization, without the secrets, for logs.</summary>
    /// <returns>The client id and the organization.</returns>
    public override string ToString() =>
        $"{nameof(EmulatorClient)} {{ {ClientId}, {OrganizationId} }}";
}
