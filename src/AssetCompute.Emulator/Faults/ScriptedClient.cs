namespace AssetCompute.Emulator;

/// <summary>A client in a script.</summary>
internal sealed record ScriptedClient(
    string ClientId,
    IReadOnlyList<string> ClientSecrets,
    string OrganizationId,
    string? TechnicalAccountId = null,
    IReadOnlyList<string>? Scopes = null,
    IReadOnlyList<string>? MetaScopes = null,
    IReadOnlyList<string>? PublicKeys = null)
{
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
