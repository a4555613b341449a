using System.Security.Cryptography;
using System.Text.Json;
using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Authentication;

/// <summary>
/// A fictitious client and its credential files in the formats of Adobe's consoles. Each run creates a new key.
/// </summary>
internal sealed class CredentialFiles : IDisposable
{
    private const string Organization = "7A1B2C3D4E5F60718293A4C6@AdobeOrg";
    private const string ClientId = "1d2c3b4a59687f6e5d4c3b2a19080706";
    private const string Secret = "p8e-made-up+secret/with%signs&";
    private const string TechnicalAccount = "6F5E4D3C2B1A09F8E7D6C5B4@techacct.adobe.com";

    private readonly RSA _key = RSA.Create(2048);
    private readonly string _directory = Directory.CreateTempSubdirectory("credentials").FullName;

    /// <summary>The formats that <see cref="Write"/> supports.</summary>
    public static string[] Forms { get; } =
        ["oauth", "project with oauth", "project with jwt", "service credentials", "service credentials of oauth", "integration"];

    /// <summary>The same client for the emulator, with its public key.</summary>
    public EmulatorClient Client => new()
    {
        ClientId = ClientId,
        ClientSecrets = [Secret],
        OrganizationId = Organization,
        TechnicalAccountId = TechnicalAccount,
        MetaScopes = ["asset_compute_meta", "event_receiver_api", "ent_adobeio_sdk"],
        PublicKeys = [_key.ExportSubjectPublicKeyInfoPem()],
    };

    /// <summary>Writes the key file that accompanies the project's download.</summary>
    public string WriteKey() => WriteFile("private.key", _key.ExportRSAPrivateKeyPem());

    /// <summary>Writes a key file that is encrypted with a passphrase.</summary>
    public string WriteKey(string passphrase) => WriteFile(
        "encrypted.key",
        _key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000)));

    /// <summary>Writes a file in one of the formats. A replacement in its text makes the file invalid.</summary>
    public string Write(string form, Uri ims, string replace = "\0", string by = "") =>
        WriteFile(form.Replace(' ', '-'), Text(form, ims).Replace(replace, by, StringComparison.Ordinal));

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private string Text(string form, Uri ims) => form switch
    {
        "oauth" => $$"""
            {
              "ORG_ID": "{{Organization}}",
              "CLIENT_SECRETS": [ "{{Secret}}" ],
              "CLIENT_ID": "{{ClientId}}",
              "SCOPES": [ "openid", "AdobeID", "asset_compute", "read_organizations", "event_receiver", "event_receiver_api",
                          "adobeio_api", "additional_info.roles", "additional_info.projectedProductContext" ],
              "TECHNICAL_ACCOUNT_ID": "{{TechnicalAccount}}",
              "TECHNICAL_ACCOUNT_EMAIL": "made-up@techacct.adobe.com"
            }
            """,
        "project with oauth" => Project($$"""
            {
              "id": "2", "name": "Made up", "integration_type": "oauth_server_to_server",
              "oauth_server_to_server": {
                "client_id": "{{ClientId}}",
                "client_secrets": [ "{{Secret}}" ],
                "technical_account_email": "made-up@techacct.adobe.com",
                "technical_account_id": "{{TechnicalAccount}}",
                "scopes": [ "openid", "AdobeID", "asset_compute", "read_organizations", "event_receiver", "event_receiver_api",
                            "adobeio_api", "additional_info.roles", "additional_info.projectedProductContext" ]
              }
            }
            """),
        "project with jwt" => Project($$"""
            {
              "id": "3", "name": "Made up", "integration_type": "service",
              "jwt": {
                "client_id": "{{ClientId}}",
                "client_secret": "{{Secret}}",
                "technical_account_email": "made-up@techacct.adobe.com",
                "technical_account_id": "{{TechnicalAccount}}",
                "meta_scopes": [ "asset_compute_meta", "event_receiver_api", "ent_adobeio_sdk" ]
              }
            }
            """),
        "service credentials" => $$"""
            {
              "ok": true,
              "integration": {
                "imsEndpoint": "{{ims}}",
                "metascopes": "asset_compute_meta,event_receiver_api,ent_adobeio_sdk",
                "technicalAccount": { "clientId": "{{ClientId}}", "clientSecret": "{{Secret}}" },
                "email": "made-up@techacct.adobe.com",
                "id": "{{TechnicalAccount}}",
                "org": "{{Organization}}",
                "privateKey": {{JsonSerializer.Serialize(_key.ExportRSAPrivateKeyPem().Replace("\n", "\r\n", StringComparison.Ordinal))}},
                "publicKey": "-----BEGIN CERTIFICATE-----\r\nbWFkZSB1cA==\r\n-----END CERTIFICATE-----\r\n",
                "certificateExpirationDate": "2027-11-22T00:00:00.000Z"
              },
              "statusCode": 200
            }
            """,
        "service credentials of oauth" => $$"""
            {
              "ok": true,
              "integration": {
                "imsEndpoint": "{{ims}}",
                "scopes": [ "openid", "AdobeID", "asset_compute", "read_organizations", "event_receiver", "event_receiver_api",
                            "adobeio_api", "additional_info.roles", "additional_info.projectedProductContext" ],
                "technicalAccount": { "clientId": "{{ClientId}}", "clientSecret": "{{Secret}}" },
                "email": "made-up@techacct.adobe.com",
                "id": "{{TechnicalAccount}}",
                "org": "{{Organization}}"
              },
              "statusCode": 200
            }
            """,
        _ => $$"""
            consumerId: 105979
            applicationId: 47334
            metascopes:
              - asset_compute_meta
              - event_receiver_api
              - ent_adobeio_sdk
            imsEndpoint: {{ims}}
            technicalAccount:
              id: {{TechnicalAccount}}
              email: made-up@techacct.adobe.com
              org: {{Organization}}
              clientId: {{ClientId}}
              clientSecret: {{Secret}}
              privateKey: |
            {{string.Join('\n', _key.ExportPkcs8PrivateKeyPem().Split('\n').Select(static line => "    " + line))}}
              publicKey: |
                -----BEGIN CERTIFICATE-----
                bWFkZSB1cA==
                -----END CERTIFICATE-----
            """,
    };

    private static string Project(string credential) => $$"""
        {
          "project": {
            "id": "4566206088344853970",
            "name": "madeup",
            "title": "Made up",
            "org": { "id": "25591412", "name": "Made up", "ims_org_id": "{{Organization}}" },
            "workspace": {
              "id": "4566206088344859372",
              "name": "Stage",
              "title": "Stage",
              "action_url": "https://25591412-madeup-stage.adobeioruntime.net",
              "app_url": "https://25591412-madeup-stage.adobeio-static.net",
              "details": {
                "credentials": [ {{credential}} ],
                "services": [
                  { "code": "AdobeIOManagementAPISDK", "name": "I/O Management API" },
                  { "code": "AssetComputeSDK", "name": "Asset Compute" },
                  { "code": "JournalingSDK", "name": "I/O Events" }
                ],
                "runtime": { "namespaces": [ { "name": "25591412-madeup-stage", "auth": "made:up" } ] }
              }
            }
          }
        }
        """;

    private string WriteFile(string name, string text)
    {
        string path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}
