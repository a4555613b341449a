using AssetCompute.Client.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Tests.Authentication;

public sealed class CredentialsReaderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("credentials").FullName;
    private readonly Dictionary<string, string> _environment = [];
    private readonly AssetComputeOptions _options = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Read_OfTheFileInTheEnvironment_ServesTheAccountWithoutAName()
    {
        _environment[CredentialsReader.FileVariable] = Write("oauth.json", CredentialSamples.OAuth().ToJsonString());

        ImsCredentials credentials = Read("");

        Assert.Equal(CredentialSamples.Client, credentials.Identity.ClientId);
        Assert.Equal([CredentialSamples.Secret, "p8e-second"], credentials.ClientSecrets);
        Assert.Equal("openid,AdobeID,asset_compute", ScopesOf(credentials));
        Assert.Contains("OrganizationId is missing", Refused("named"), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfBothFilesInTheEnvironment_SignsInWithTheKey()
    {
        _environment[CredentialsReader.FileVariable] = Write("project.json", CredentialSamples.JwtProject().ToJsonString());
        Assert.Contains("PrivateKeyFile", Refused(""), StringComparison.Ordinal);

        _environment[CredentialsReader.PrivateKeyFileVariable] = Write("private.key", CredentialSamples.PrivateKey);
        Assert.IsType<JwtCredentials>(Read("")).Check();
    }

    [Fact]
    public void Read_WithSecretsInTheOptions_LeavesTheEnvironmentAlone()
    {
        _environment[CredentialsReader.FileVariable] = "/does/not/exist";
        Account.Configured(_options);

        Assert.Equal("client-a", Read("").Identity.ClientId);
    }

    [Fact]
    public void Read_WithFileAndOptions_LetsTheOptionsGoFirst()
    {
        _options.CredentialsFile = Write("aem.json", CredentialSamples.ServiceCredentialsOAuth().ToJsonString());
        Assert.Equal("https://ims-na1.adobelogin.com", Read("a").ImsEndpoint);

        _options.OrganizationId = "Other@AdobeOrg";
        _options.ClientSecrets.Add("another-secret");
        _options.Scopes.Add("asset_compute");
        _options.ImsEndpoint = new Uri("http://127.0.0.1:9000/base/");
        ImsCredentials credentials = Read("a");

        Assert.Equal("Other@AdobeOrg", credentials.Identity.OrganizationId);
        Assert.Equal(["another-secret"], credentials.ClientSecrets);
        Assert.Equal("openid,AdobeID,asset_compute", ScopesOf(credentials));
        Assert.Equal(new Uri("http://127.0.0.1:9000/base/ims/token/v3"), credentials.TokenUri);
    }

    [Fact]
    public void Read_WithScopesInTheOptions_AddsThemToTheDefaultsAndReplacesThemOnlyWhenTold()
    {
        const string defaults = "openid,AdobeID,asset_compute,read_organizations,event_receiver,event_receiver_api,adobeio_api,additional_info.roles,additional_info.projectedProductContext";
        Account.Configured(_options);
        Assert.Equal(defaults, ScopesOf(Read("")));

        _options.Scopes.Add("asset_compute");
        _options.Scopes.Add("another");
        Assert.Equal(defaults + ",another", ScopesOf(Read("")));

        _options.UseDefaultScopes = false;
        Assert.Equal("asset_compute,another", ScopesOf(Read("")));

        _options.Scopes.Clear();
        Assert.Contains("Scopes is empty, and UseDefaultScopes is false", Refused(""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("openid AdobeID")]
    [InlineData("openid,AdobeID")]
    [InlineData("openid\n")]
    public void Read_WithAScopeThatIsNotOne_SaysSo(string scope)
    {
        Account.Configured(_options);
        _options.Scopes.Add(scope);

        Assert.Contains("Scopes contains a scope", Refused(""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0A1B2C3D4E5F60718293A4B5", "'0A1B2C3D4E5F60718293A4B5', which is not an IMS organization id")]
    [InlineData("25591412", "must end with '@AdobeOrg'")]
    [InlineData("@AdobeOrg", "must end with '@AdobeOrg'")]
    [InlineData("ABC@adobeorg", "must end with '@AdobeOrg'")]
    [InlineData("ABC@AdobeOrg@AdobeOrg", "must end with '@AdobeOrg'")]
    [InlineData("ABC@techacct.adobe.com", "must end with '@AdobeOrg'")]
    [InlineData("https://experience.adobe.com/#/@example", "must end with '@AdobeOrg'")]
    public void Read_WithAnOrganizationInAnotherForm_IsRefusedBeforeAnythingIsSent(string organization, string expected)
    {
        Account.Configured(_options);
        _options.OrganizationId = organization;
        Assert.Contains(expected, Refused(""), StringComparison.Ordinal);

        // The same applies to a custom token provider, which needs only the identity, and to a credentials file.
        Assert.Throws<AssetComputeAuthenticationException>(() => new CredentialsReader(static _ => null).ReadIdentity("", _options));
        System.Text.Json.Nodes.JsonObject file = CredentialSamples.OAuth();
        file["ORG_ID"] = organization;
        AssetComputeOptions ofFile = new() { CredentialsFile = Write("org.json", file.ToJsonString()) };
        Assert.Contains(expected, Assert.Throws<AssetComputeAuthenticationException>(() => new CredentialsReader(static _ => null).Read("", ofFile)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WithAClientThatIsNotTheFiles_IsRefused()
    {
        _options.CredentialsFile = Write("oauth.json", CredentialSamples.OAuth().ToJsonString());
        _options.ClientId = "another-client";

        string message = Refused("");

        Assert.Contains("another-client", message, StringComparison.Ordinal);
        Assert.Contains(CredentialSamples.Client, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "ClientSecrets[0] is empty")]
    [InlineData("secret-with-line-end\n", "ClientSecrets[0] begins or ends with white space")]
    public void Read_WithASecretThatCannotBeOne_NamesIt(string secret, string expected)
    {
        _options.OrganizationId = "ABC@AdobeOrg";
        _options.ClientId = "client-a";
        _options.ClientSecrets.Add(secret);

        string message = Refused("");

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-with", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_OfAnIdentityServiceThatIsNotHttps_IsRefused()
    {
        Account.Configured(_options);
        _options.ImsEndpoint = new Uri("http://user:password@ims.example");

        var refused = Assert.Throws<AssetComputeAuthenticationException>(Read("").Check);

        Assert.Contains("http://ims.example is not https", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_OfAnAccountWithoutCredentials_AreRefusedBeforeTheFirstCall()
    {
        using var ims = new HttpClientHandler();
        await using var account = new Account(ims, static options => options.ClientId = "client-a");

        var refused = Assert.Throws<OptionsValidationException>(
            () => account.Services.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>().Get(""));

        Assert.Contains("OrganizationId is missing", refused.Message, StringComparison.Ordinal);
        var atTheCall = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => account.GetTokenAsync().AsTask());
        Assert.Contains("OrganizationId is missing", atTheCall.Message, StringComparison.Ordinal);
    }

    private static string ScopesOf(ImsCredentials credentials) => credentials.CreateForm("", default).Single(field => field.Key == "scope").Value;

    private ImsCredentials Read(string account) => new CredentialsReader(_environment.GetValueOrDefault).Read(account, _options);

    private string Refused(string account) => Assert.Throws<AssetComputeAuthenticationException>(() => Read(account)).Message;

    private string Write(string name, string text)
    {
        string path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}
