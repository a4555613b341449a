namespace AssetCompute.Emulator;

/// <summary>A client of a script.</summary>
internal sealed record ScriptedClient
{
    public required string ClientId { get; set; }

    public required IReadOnlyList<string> ClientSecrets { get; set; }

    public required string OrganizationId { get; set; }

    public string? TechnicalAccountId { get; set; }

    public IReadOnlyList<string>? Scopes { get; set; }

    public IReadOnlyList<string>? MetaScopes { get; set; }

    public IReadOnlyList<string>? PublicKeys { get; set; }

    public EmulatorClient ToClient() => new()
    {
        ClientId = ClientId,
        ClientSecrets = ClientSecrets,
        OrganizationId = OrganizationId,
        TechnicalAccountId = TechnicalAccountId ?? EmulatorClient.WellKnown.TechnicalAccountId,
        Scopes = Scopes,
        MetaScopes = MetaScopes,
        PublicKeys = PublicKeys ?? [],
    };
}
