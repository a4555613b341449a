using System.Text.Json.Nodes;
using AssetCompute.Client.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Tests.Authentication;

/// <summary>Credentials with missing values, with extra values, or from more than one source.</summary>
public sealed class CredentialsCornersTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("credentials").FullName;
    private readonly Dictionary<string, string> _environment = [];
    private readonly AssetComputeOptions _options = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("\"openid,,asset_compute\"", "$.SCOPES contains a scope that is empty")]
    [InlineData("\"openid, asset compute\"", "$.SCOPES contains a scope that is empty or has white space")]
    [InlineData("[\"openid\", \"asset compute\"]", "$.SCOPES contains a scope that is empty or has white space")]
    public void Read_ScopesThatCannotBe_AreRefused(string scopes, string expected)
    {
        JsonObject file = CredentialSamples.OAuth();
        file["SCOPES"] = JsonNode.Parse(scopes);

        Assert.Contains(expected, Refused(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ScopesInOneText_AreTakenApart()
    {
        JsonObject file = CredentialSamples.OAuth();
        file["SCOPES"] = "openid, asset_compute";

        Assert.Equal(["openid", "asset_compute"], CredentialsFile.Read(Write(file.ToJsonString()), null).Scopes);
    }

    [Theory]
    [InlineData(" secret")]
    [InlineData("secret ")]
    [InlineData("se\ncret")]
    public void Read_SecretOverALineEndOrWithSpaces_IsRefused(string secret)
    {
        JsonObject file = CredentialSamples.OAuth();
        file["CLIENT_SECRETS"] = new JsonArray(secret);

        Assert.Contains("$.CLIENT_SECRETS[0] begins or ends with white space, or contains a line end", Refused(file), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadText_OfAFileAtTheBound_IsReadAndOneOverIsRefused()
    {
        string path = Write(new string('x', 1024 * 1024));
        Assert.Equal(1024 * 1024, CredentialsFile.ReadText(path, "file").Length);

        File.AppendAllText(path, "x");
        Assert.Contains("is too large", Assert.Throws<AssetComputeAuthenticationException>(() => CredentialsFile.ReadText(path, "file")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadText_OfAFileThatIsThereAndCannotBeRead_DoesNotSayThatItIsNot()
    {
        string path = Write("x");
        using FileStream held = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Assert.EndsWith("cannot be read.", Assert.Throws<AssetComputeAuthenticationException>(() => CredentialsFile.ReadText(path, "file")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_IdentityServiceOfTheFile_IsTakenWhereItIsNamed()
    {
        JsonObject aem = CredentialSamples.ServiceCredentials();
        aem["integration"]!["imsEndpoint"] = "ims.example";
        Assert.Equal(new Uri("https://ims.example"), CredentialsFile.Read(Write(aem.ToJsonString()), null).ImsEndpoint);
        aem["integration"]!.AsObject().Remove("imsEndpoint");
        Assert.Null(CredentialsFile.Read(Write(aem.ToJsonString()), null).ImsEndpoint);

        Assert.Equal(new Uri("https://ims.example"), CredentialsFile.Read(Write("imsEndpoint: ims.example\n" + CredentialSamples.Integration()), null).ImsEndpoint);
        Assert.Null(CredentialsFile.Read(Write(CredentialSamples.Integration()), null).ImsEndpoint);
    }

    [Fact]
    public void Read_IntegrationWithoutItsKey_LeavesTheKeyToTheOptions()
    {
        Assert.Null(CredentialsFile.Read(Write(CredentialSamples.Integration(withKey: false)), null).PrivateKey);

        _options.CredentialsFile = Write(CredentialSamples.Integration(withKey: false));
        _environment[CredentialsReader.PrivateKeyFileVariable] = "/does/not/exist";
        _options.PrivateKeyFile = Write(CredentialSamples.PrivateKey, "own.key");
        Reader().Read("", _options).Check();

        // Environment variables apply only to the account without a name.
        _options.PrivateKeyFile = null;
        Assert.Contains("The private key is missing", Assert.Throws<AssetComputeAuthenticationException>(() => Reader().Read("named", _options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ServiceCredentialsWithoutTheirKey_LeaveTheKeyToTheOptions()
    {
        JsonObject aem = CredentialSamples.ServiceCredentials();
        aem["integration"]!.AsObject().Remove("privateKey");
        _options.CredentialsFile = Write(aem.ToJsonString());
        Assert.Contains("The private key is missing", Assert.Throws<AssetComputeAuthenticationException>(() => Reader().Read("", _options)).Message, StringComparison.Ordinal);

        _options.PrivateKeyFile = Write(CredentialSamples.PrivateKey, "own.key");
        Assert.IsType<JwtCredentials>(Reader().Read("", _options)).Check();
    }

    [Fact]
    public void Check_OfAJwtCredential_FindsAKeyThatCannotBeUsedAndAServiceThatIsNotHttps()
    {
        _options.CredentialsFile = Write(CredentialSamples.Integration(withKey: false));
        _options.PrivateKeyFile = Write("no key", "own.key");
        Assert.Contains("contains no PEM private key", Assert.Throws<AssetComputeAuthenticationException>(Reader().Read("", _options).Check).Message, StringComparison.Ordinal);

        _options.PrivateKeyFile = Write(CredentialSamples.PrivateKey, "own.key");
        _options.ImsEndpoint = new Uri("http://ims.example");
        Assert.Contains("not https", Assert.Throws<AssetComputeAuthenticationException>(Reader().Read("", _options).Check).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadIdentity_OptionsThatNameBoth_NeedNoFile()
    {
        Account.Configured(_options);
        _options.CredentialsFile = "/does/not/exist";

        Assert.Equal("client-a", Reader().ReadIdentity("", _options).ClientId);
        _options.ClientId = " ";
        Assert.Throws<AssetComputeAuthenticationException>(() => Reader().ReadIdentity("", _options));
        _options.ClientId = "client-a";
        _options.OrganizationId = null;
        Assert.Throws<AssetComputeAuthenticationException>(() => Reader().ReadIdentity("", _options));
    }

    [Fact]
    public void ReadIdentity_WhatTheOptionsDoNotName_IsTakenFromTheFile()
    {
        _options.CredentialsFile = Write(CredentialSamples.OAuth().ToJsonString());
        Assert.Equal(new AssetComputeIdentity { OrganizationId = CredentialSamples.Organization, ClientId = CredentialSamples.Client }, Reader().ReadIdentity("", _options));

        _options.ClientId = CredentialSamples.Client;
        Assert.Equal(CredentialSamples.Organization, Reader().ReadIdentity("", _options).OrganizationId);
        _options.OrganizationId = "own@AdobeOrg";
        _options.ClientId = null;
        Assert.Equal(new AssetComputeIdentity { OrganizationId = "own@AdobeOrg", ClientId = CredentialSamples.Client }, Reader().ReadIdentity("", _options));
    }

    [Theory]
    [InlineData("an organization", "client", "The organization id contains white space")]
    [InlineData("organization@AdobeOrg", "a client", "The client id contains white space")]
    [InlineData(" ", "client", "OrganizationId is missing")]
    [InlineData("organization@AdobeOrg", null, "ClientId is missing")]
    public void Read_IdsThatCannotBe_AreRefused(string? organization, string? client, string expected)
    {
        Account.Configured(_options);
        _options.OrganizationId = organization;
        _options.ClientId = client;

        Assert.Contains(expected, Assert.Throws<AssetComputeAuthenticationException>(() => Reader().Read("", _options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OwnTokens_WithoutAnOrganization_AreRefusedAndOnlyForTheirAccount()
    {
        ServiceCollection services = new();
        services.AddAssetCompute("own", static options => options.ClientId = "client").AddAccessTokenProvider(static _ => throw new NotSupportedException());
        services.AddAssetCompute("other", Account.Configured);
        using ServiceProvider provider = services.BuildServiceProvider();
        IOptionsMonitor<AssetComputeOptions> options = provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>();

        Assert.Contains("OrganizationId is missing", Assert.Throws<OptionsValidationException>(() => options.Get("own")).Message, StringComparison.Ordinal);
        Assert.Equal("client-a", options.Get("other").ClientId);
    }

    [Theory]
    [InlineData("https://service.example/any?x=1", true)]
    [InlineData("https://SERVICE.example:443/", true)]
    [InlineData("https://other.example/", false)]
    [InlineData("https://service.example:8443/", false)]
    [InlineData("http://service.example:443/", false)]
    [InlineData("https://journal.example/events", true)]
    [InlineData("http://journal.example:443/events", false)]
    [InlineData("/relative", false)]
    public void AllowedHosts_AreThoseThatWereNamedByAllOfSchemeHostAndPort(string url, bool expected)
    {
        ServiceCollection services = new();
        services.AddAssetCompute(options =>
        {
            Account.Configured(options);
            options.Endpoint = new Uri("https://service.example/base");
        });
        using ServiceProvider provider = services.BuildServiceProvider();
        AllowedHosts hosts = provider.GetRequiredKeyedService<AllowedHosts>("");
        hosts.Allow(new Uri("https://journal.example/1"));

        Assert.Equal(expected, hosts.IsAllowed(new Uri(url, UriKind.RelativeOrAbsolute)));
    }

    private CredentialsReader Reader() => new(name => _environment.GetValueOrDefault(name));

    private string Refused(JsonObject file) => Assert.Throws<AssetComputeAuthenticationException>(() => CredentialsFile.Read(Write(file.ToJsonString()), null)).Message;

    private string Write(string text, string name = "file")
    {
        string path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}
