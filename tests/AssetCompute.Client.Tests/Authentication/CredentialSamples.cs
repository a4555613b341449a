using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace AssetCompute.Client.Tests.Authentication;

/// <summary>Credentials files from Adobe's consoles, with sample values.</summary>
internal static class CredentialSamples
{
    public const string Organization = "0A1B2C3D4E5F60718293A4B5@AdobeOrg";
    public const string Client = "8f3b0c5d7e9a4c1fb2d46a7e5c8f9012";
    public const string Secret = "p8e-Xq1w2E3r4T5y6U7i8O9p0A1s2D3f4G5h";
    public const string TechnicalAccount = "5F6E7D8C9B0A1F2E3D4C5B6A@techacct.adobe.com";

    /// <summary>A new key in each run, so that no private key is stored.</summary>
    public static string PrivateKey { get; } = CreateKey(2048, static key => key.ExportPkcs8PrivateKeyPem());

    public static JsonObject OAuth() => new()
    {
        ["CLIENT_SECRETS"] = new JsonArray(Secret, "p8e-second"),
        ["TECHNICAL_ACCOUNT_EMAIL"] = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0@techacct.adobe.com",
        ["TECHNICAL_ACCOUNT_ID"] = TechnicalAccount,
        ["ORG_ID"] = Organization,
        ["CLIENT_ID"] = Client,
        ["SCOPES"] = new JsonArray("openid", "AdobeID", "asset_compute"),
    };

    public static JsonObject OAuthProject() => Project("oauth_server_to_server", new JsonObject
    {
        ["client_id"] = Client,
        ["client_secrets"] = new JsonArray(Secret),
        ["technical_account_email"] = "someone@techacct.adobe.com",
        ["technical_account_id"] = TechnicalAccount,
        ["scopes"] = new JsonArray("openid", "AdobeID", "asset_compute"),
    });

    public static JsonObject JwtProject() => Project("jwt", new JsonObject
    {
        ["client_id"] = Client,
        ["client_secret"] = Secret,
        ["technical_account_email"] = "someone@techacct.adobe.com",
        ["technical_account_id"] = TechnicalAccount,
        ["meta_scopes"] = new JsonArray("asset_compute_meta", "event_receiver_api", "ent_adobeio_sdk"),
    });

    public static JsonObject ServiceCredentials() => new()
    {
        ["ok"] = true,
        ["integration"] = new JsonObject
        {
            ["imsEndpoint"] = "ims-na1.adobelogin.com",
            ["metascopes"] = "ent_aem_cloud_api,ent_cloudmgr_sdk",
            ["technicalAccount"] = new JsonObject { ["clientId"] = Client, ["clientSecret"] = Secret },
            ["email"] = "someone@techacct.adobe.com",
            ["id"] = TechnicalAccount,
            ["org"] = Organization,
            ["privateKey"] = PrivateKey.Replace("\n", "\r\n", StringComparison.Ordinal),
            ["publicKey"] = "-----BEGIN CERTIFICATE-----\r\nbWFkZSB1cA==\r\n-----END CERTIFICATE-----\r\n",
            ["certificateExpirationDate"] = "2027-01-01T00:00:00.000Z",
        },
        ["statusCode"] = 200,
    };

    public static JsonObject ServiceCredentialsOAuth()
    {
        JsonObject credentials = ServiceCredentials();
        JsonObject integration = credentials["integration"]!.AsObject();
        integration.Remove("privateKey");
        integration.Remove("publicKey");
        integration.Remove("metascopes");
        integration["scopes"] = new JsonArray("openid", "AdobeID");
        return credentials;
    }

    public static string Integration(bool withKey = true)
    {
        string key = withKey
            ? "\n  privateKey: |\n" + string.Join("\n", PrivateKey.Trim().Split('\n').Select(static line => "    " + line))
            : "";
        return $$"""
            # What the console showed, written down.
            consumerId: "105979"
            applicationId: '47334'
            metascopes:
              - event_receiver_api
              - ent_adobeio_sdk
              - asset_compute_meta
            technicalAccount:
              id: {{TechnicalAccount}}
              email: someone@techacct.adobe.com
              org: {{Organization}}
              clientId: {{Client}}
              clientSecret: {{Secret}}{{key}}

            """;
    }

    public static string CreateKey(int bits, Func<RSA, string> export)
    {
        using var key = RSA.Create(bits);
        return export(key);
    }

    private static JsonObject Project(string kind, JsonObject block) => new()
    {
        ["project"] = new JsonObject
        {
            ["id"] = "4566206088344853970",
            ["name"] = "renditions",
            ["title"] = "Renditions",
            ["org"] = new JsonObject { ["id"] = "25591412", ["name"] = "Example", ["ims_org_id"] = Organization },
            ["workspace"] = new JsonObject
            {
                ["id"] = "4566206088344859372",
                ["name"] = "Production",
                ["details"] = new JsonObject
                {
                    ["credentials"] = new JsonArray(
                        new JsonObject { ["id"] = "1", ["name"] = "key", ["integration_type"] = "apikey" },
                        new JsonObject { ["id"] = "2", ["name"] = "server", ["integration_type"] = kind, [kind] = block }),
                    ["services"] = new JsonArray(new JsonObject { ["code"] = "AssetComputeSDK", ["name"] = "Asset Compute" }),
                    ["runtime"] = new JsonObject { ["namespaces"] = new JsonArray() },
                },
            },
        },
    };
}
