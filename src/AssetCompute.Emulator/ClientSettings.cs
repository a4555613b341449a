using System.Text;
using System.Text.Json.Nodes;

namespace AssetCompute.Emulator;

/// <summary>The settings that a client needs to call this emulator, as JSON and as environment variables.</summary>
internal static class ClientSettings
{
    private static readonly string[] Scopes =
    [
        "openid", "AdobeID", "asset_compute", "read_organizations", "event_receiver", "event_receiver_api", "adobeio_api",
        "additional_info.roles", "additional_info.projectedProductContext",
    ];

    public static JsonObject ToJson(Uri endpoint, EmulatorClient client)
    {
        JsonObject settings = new()
        {
            ["Endpoint"] = endpoint.AbsoluteUri,
            ["ImsEndpoint"] = endpoint.AbsoluteUri,
            ["OrganizationId"] = client.OrganizationId,
            ["ClientId"] = client.ClientId,
            ["ClientSecrets"] = new JsonArray([.. client.ClientSecrets.Select(secret => JsonValue.Create(secret))]),
            ["Scopes"] = new JsonArray([.. (client.Scopes ?? Scopes).Select(scope => JsonValue.Create(scope))]),
        };
        if (client.Scopes is not null)
        {
            // By default, the client also requests its default scopes, which this client may not have.
            settings["UseDefaultScopes"] = false;
        }

        return new JsonObject { ["AssetCompute"] = settings };
    }

    public static string ToText(Uri endpoint, EmulatorClient client, string? certificateFile = null) => $"""
        {Encoding.UTF8.GetString(JsonText.ToBytes(ToJson(endpoint, client), indented: true))}

        AssetCompute__Endpoint={endpoint.AbsoluteUri}
        AssetCompute__ImsEndpoint={endpoint.AbsoluteUri}
        AssetCompute__OrganizationId={client.OrganizationId}
        AssetCompute__ClientId={client.ClientId}
        AssetCompute__ClientSecrets__0={client.ClientSecrets[0]}
        {(certificateFile is null ? "" : $"NODE_EXTRA_CA_CERTS={certificateFile}\n")}ASSET_COMPUTE_URL={endpoint.AbsoluteUri.TrimEnd('/')}

        """;
}
