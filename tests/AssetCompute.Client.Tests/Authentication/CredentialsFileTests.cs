using System.Text.Json.Nodes;
using AssetCompute.Client.Authentication;

namespace AssetCompute.Client.Tests.Authentication;

public sealed class CredentialsFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("credentials").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    public static TheoryData<string> Forms => ["OAuth", "OAuthProject", "JwtProject", "ServiceCredentials", "ServiceCredentialsOAuth", "Integration"];

    /// <summary>The required fields of each form, as the message must name them.</summary>
    public static TheoryData<string, string> RequiredFields => new()
    {
        { "OAuth", "$.ORG_ID" },
        { "OAuth", "$.CLIENT_ID" },
        { "OAuth", "$.CLIENT_SECRETS" },
        { "OAuth", "$.SCOPES" },
        { "OAuthProject", "$.project.org" },
        { "OAuthProject", "$.project.org.ims_org_id" },
        { "OAuthProject", "$.project.workspace" },
        { "OAuthProject", "$.project.workspace.details" },
        { "OAuthProject", "$.project.workspace.details.credentials" },
        { "OAuthProject", "$.project.workspace.details.credentials[1].oauth_server_to_server.client_id" },
        { "OAuthProject", "$.project.workspace.details.credentials[1].oauth_server_to_server.client_secrets" },
        { "OAuthProject", "$.project.workspace.details.credentials[1].oauth_server_to_server.scopes" },
        { "JwtProject", "$.project.workspace.details.credentials[1].jwt.client_id" },
        { "JwtProject", "$.project.workspace.details.credentials[1].jwt.client_secret" },
        { "JwtProject", "$.project.workspace.details.credentials[1].jwt.technical_account_id" },
        { "JwtProject", "$.project.workspace.details.credentials[1].jwt.meta_scopes" },
        { "ServiceCredentials", "$.integration.technicalAccount" },
        { "ServiceCredentials", "$.integration.technicalAccount.clientId" },
        { "ServiceCredentials", "$.integration.technicalAccount.clientSecret" },
        { "ServiceCredentials", "$.integration.id" },
        { "ServiceCredentials", "$.integration.org" },
        { "ServiceCredentials", "$.integration.metascopes" },
        { "ServiceCredentialsOAuth", "$.integration.technicalAccount.clientSecret" },
        { "Integration", "$.metascopes" },
        { "Integration", "$.technicalAccount.id" },
        { "Integration", "$.technicalAccount.org" },
        { "Integration", "$.technicalAccount.clientId" },
        { "Integration", "$.technicalAccount.clientSecret" },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Read_OfEachForm_FindsTheClient(string form)
    {
        CredentialsFile file = CredentialsFile.Read(Write(Sample(form)), clientId: null);

        Assert.Equal(CredentialSamples.Organization, file.OrganizationId);
        Assert.Equal(CredentialSamples.Client, file.ClientId);
        Assert.Equal(CredentialSamples.Secret, file.ClientSecrets[0]);
        bool jwt = form is "JwtProject" or "ServiceCredentials" or "Integration";
        Assert.Equal(jwt, file.TechnicalAccountId is not null);
        Assert.Equal(jwt, file.Scopes is null);
        Assert.Equal(jwt && form != "JwtProject", file.PrivateKey is not null);
        if (jwt)
        {
            Assert.Equal(CredentialSamples.TechnicalAccount, file.TechnicalAccountId);
            Assert.Equal(form == "ServiceCredentials" ? 2 : 3, file.Metascopes.Count);
        }

        Uri? ims = form.StartsWith("Service", StringComparison.Ordinal) ? new Uri("https://ims-na1.adobelogin.com") : null;
        Assert.Equal(ims, file.ImsEndpoint);
    }

    [Theory]
    [MemberData(nameof(RequiredFields))]
    public void Read_WithAFieldMissing_NamesIt(string form, string path)
    {
        string message = ReadBroken(form, path, static (parent, name) => parent.Remove(name));
        Assert.Contains(path + " is missing", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(RequiredFields))]
    public void Read_WithAFieldOfTheWrongType_NamesItAndNotItsValue(string form, string path)
    {
        string message = ReadBroken(form, path, static (parent, name) => parent[name] = 4711815);
        Assert.Contains(path + " must be", message, StringComparison.Ordinal);
        Assert.DoesNotContain("4711815", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OAuth", "$.CLIENT_SECRETS", "[]", "$.CLIENT_SECRETS must be an array of one string at least")]
    [InlineData("OAuth", "$.CLIENT_SECRETS", "[\"good\", 5]", "$.CLIENT_SECRETS[1] must be a string that is not empty")]
    [InlineData("OAuth", "$.CLIENT_SECRETS", "[\"hidden-value\\n\"]", "$.CLIENT_SECRETS[0] begins or ends with white space")]
    [InlineData("OAuth", "$.ORG_ID", "\"  \"", "$.ORG_ID must be a string that is not empty")]
    [InlineData("OAuth", "$.ORG_ID", "\"hidden\\u00fcvalue\"", "$.ORG_ID contains white space or a character that is not ASCII")]
    [InlineData("OAuthProject", "$.project.workspace.details.credentials", "[]", "$.project.workspace.details.credentials contains neither")]
    [InlineData("OAuthProject", "$.project.workspace.details.credentials", "{}", "$.project.workspace.details.credentials must be an array")]
    [InlineData("ServiceCredentials", "$.integration.imsEndpoint", "\"http://ims.hidden-value.example\"", "$.integration.imsEndpoint must be a host or an https URL")]
    [InlineData("ServiceCredentials", "$.integration.privateKey", "\"\"", "$.integration.privateKey must be a string")]
    [InlineData("ServiceCredentials", "$.integration.privateKey", "4711815", "$.integration.privateKey must be a string")]
    public void Read_WithAFieldMalformed_NamesItAndNotItsValue(string form, string path, string json, string expected)
    {
        string message = ReadBroken(form, path, (parent, name) => parent[name] = JsonNode.Parse(json));
        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not one of Adobe's")]
    [InlineData("just a text", "not one of Adobe's")]
    [InlineData("{}", "not one of Adobe's")]
    [InlineData("{ \"type\": \"hidden-value\" }", "not one of Adobe's")]
    [InlineData("{\n  \"ORG_ID\": hidden-value\n}", "not valid JSON: line 2")]
    [InlineData("technicalAccount: [hidden-value\n", "valid YAML: line")]
    [InlineData("technicalAccount:\n  id: &hidden-value x\n", "valid YAML: line 2")]
    [InlineData("- hidden-value", "not one of Adobe's")]
    [InlineData("{ \"ORG_ID\": \"hidden-value\\ud800\" }", "not valid Unicode")]
    [InlineData("technicalAccount:\n  org: \"hidden-value\\uD800\"\n", "The credentials file")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nhidden-value\n-----END PRIVATE KEY-----", "is a PEM file")]
    public void Read_OfSomethingElse_SaysSoWithoutQuotingIt(string text, string expected)
    {
        var refused = Assert.Throws<AssetComputeAuthenticationException>(() => CredentialsFile.Read(Write(text), clientId: null));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfYamlNestedWithoutEnd_IsRefused()
    {
        string yaml = "technicalAccount: " + new string('[', 100_000);
        Assert.Throws<AssetComputeAuthenticationException>(() => CredentialsFile.Read(Write(yaml), clientId: null));
    }

    [Fact]
    public void Read_OfAFileThatIsNotThere_SaysSo()
    {
        string path = Path.Combine(_directory, "absent.json");
        var refused = Assert.Throws<AssetComputeAuthenticationException>(() => CredentialsFile.Read(path, clientId: null));
        Assert.Contains($"'{path}' does not exist", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfAProjectWithSeveralCredentials_PrefersOAuthAndThenTheClientAskedFor()
    {
        JsonObject project = CredentialSamples.OAuthProject();
        JsonArray credentials = project["project"]!["workspace"]!["details"]!["credentials"]!.AsArray();
        JsonNode jwt = CredentialSamples.JwtProject()["project"]!["workspace"]!["details"]!["credentials"]![1]!.DeepClone();
        jwt["jwt"]!["client_id"] = "the-jwt-client";
        credentials.Insert(0, jwt);
        string path = Write(project.ToJsonString());

        Assert.Equal(CredentialSamples.Client, CredentialsFile.Read(path, clientId: null).ClientId);
        Assert.Equal("the-jwt-client", CredentialsFile.Read(path, "the-jwt-client").ClientId);
    }

    private static string Sample(string form) => form switch
    {
        "OAuth" => CredentialSamples.OAuth().ToJsonString(),
        "OAuthProject" => CredentialSamples.OAuthProject().ToJsonString(),
        "JwtProject" => CredentialSamples.JwtProject().ToJsonString(),
        "ServiceCredentials" => CredentialSamples.ServiceCredentials().ToJsonString(),
        "ServiceCredentialsOAuth" => CredentialSamples.ServiceCredentialsOAuth().ToJsonString(),
        _ => CredentialSamples.Integration(),
    };

    private string ReadBroken(string form, string path, Action<JsonObject, string> breakIt)
    {
        // YAML is a superset of JSON. A leading comment makes the text invalid JSON, so that the YAML reader reads it.
        string text = Sample(form);
        JsonNode root = form == "Integration" ? JsonNode.Parse(YamlToJson.Parse(text).RootElement.GetRawText())! : JsonNode.Parse(text)!;
        string[] steps = path[2..].Replace("[", ".[", StringComparison.Ordinal).Split('.');
        JsonNode parent = root;
        foreach (string step in steps[..^1])
        {
            parent = step.StartsWith('[') ? parent[int.Parse(step[1..^1], System.Globalization.CultureInfo.InvariantCulture)]! : parent[step]!;
        }

        breakIt(parent.AsObject(), steps[^1]);
        string broken = form == "Integration" ? "# YAML\n" + YamlSafe(root) : root.ToJsonString();
        return Assert.Throws<AssetComputeAuthenticationException>(() => CredentialsFile.Read(Write(broken), clientId: null)).Message;
    }

    /// <summary>Replaces the value of the wrong type with a mapping, because YAML reads a number as text.</summary>
    private static string YamlSafe(JsonNode root) => root.ToJsonString().Replace("4711815", "{}", StringComparison.Ordinal);

    private string Write(string text)
    {
        string path = Path.Combine(_directory, "credentials");
        File.WriteAllText(path, text);
        return path;
    }
}
