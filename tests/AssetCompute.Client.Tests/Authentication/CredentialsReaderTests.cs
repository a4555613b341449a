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
        Assert.Equal("openid,AdobeID,asset_compute", credentials.CreateForm("", default).Single(field => field.Key == "scope").Value);
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
        Assert.Equal("asset_compute", credentials.CreateForm("", default).Single(field => field.Key == "scope").Value);
        Assert.Equal(new Uri("http://127.0.0.1:9000/base/ims/token/v3"), credentials.TokenUri);
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

    private ImsCredentials Read(string account) => new CredentialsReader(_environment.GetValueOrDefault).Read(account, _options);

    private string Refused(string account) => Assert.Throws<AssetComputeAuthenticationException>(() => Read(account)).Message;

    private string Write(string name, string text)
    {
        string path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}
