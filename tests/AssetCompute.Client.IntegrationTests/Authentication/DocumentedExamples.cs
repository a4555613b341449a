using AssetCompute.Client.Authentication;
using AssetCompute.Emulator;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Authentication;

/// <summary>Runs the code samples of docs/authentication.md.</summary>
public sealed class DocumentedExamples : IAsyncLifetime
{
    private AssetComputeEmulator _emulator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _emulator = await AssetComputeEmulator.StartAsync(
        static options => options.Clients.Add(new EmulatorClient
        {
            OrganizationId = "0123456789ABCDEF01234567@AdobeOrg",
            ClientId = "0123456789abcdef0123456789abcdef",
            ClientSecrets = ["p8e-reader"],
        }),
        Cancellation);

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Fact]
    public async Task AFile()
    {
        var services = new ServiceCollection();
        using var files = new CredentialFiles();
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Clients.Add(files.Client), Cancellation);
        string file = files.Write("oauth", emulator.ImsEndpoint);

        services.AddAssetCompute(options => options.CredentialsFile = "credentials.json");

        services.PostConfigureAll<AssetComputeOptions>(options =>
        {
            Emulate(options, emulator);
            options.CredentialsFile = file;
        });
        await SignInAsync(services, Cancellation);
    }

    [Fact]
    public async Task Options()
    {
        var services = new ServiceCollection();
        string secretFromYourVault = "p8e-reader";

        services.AddAssetCompute(options =>
        {
            options.OrganizationId = "0123456789ABCDEF01234567@AdobeOrg";
            options.ClientId = "0123456789abcdef0123456789abcdef";
            options.ClientSecrets.Add(secretFromYourVault);
        });

        services.PostConfigureAll<AssetComputeOptions>(options => Emulate(options, _emulator));
        await SignInAsync(services, Cancellation);
    }

    [Fact]
    public async Task AFileWithAKey()
    {
        var services = new ServiceCollection();
        using var files = new CredentialFiles();
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Clients.Add(files.Client), Cancellation);
        string console = files.Write("project with jwt", emulator.ImsEndpoint);
        string key = files.WriteKey();
        string passphraseFromYourVault = "";

        services.AddAssetCompute(options =>
        {
            options.CredentialsFile = "console.json";
            options.PrivateKeyFile = "private.key";
            options.PrivateKeyPassphrase = passphraseFromYourVault;
        });

        services.PostConfigureAll<AssetComputeOptions>(options =>
        {
            Emulate(options, emulator);
            options.CredentialsFile = console;
            options.PrivateKeyFile = key;
        });
        await SignInAsync(services, Cancellation);
    }

    [Fact]
    public async Task SeveralAccounts()
    {
        var services = new ServiceCollection();
        using var files = new CredentialFiles();
        string file = files.Write("oauth", _emulator.ImsEndpoint);

        services.AddAssetCompute("brand-a", options => options.CredentialsFile = "brand-a.json");
        services.AddAssetCompute("brand-b", options => options.CredentialsFile = "brand-b.json");

        services.PostConfigureAll<AssetComputeOptions>(options => options.CredentialsFile = file);
        await using ServiceProvider provider = services.BuildServiceProvider();

        var client = provider.GetRequiredKeyedService<IAssetComputeClient>("brand-a");

        Assert.NotSame(client, provider.GetRequiredKeyedService<IAssetComputeClient>("brand-b"));
    }

    [Fact]
    public async Task OwnTokens()
    {
        var services = new ServiceCollection();

        services
            .AddAssetCompute(options =>
            {
                options.OrganizationId = "0123456789ABCDEF01234567@AdobeOrg";
                options.ClientId = "0123456789abcdef0123456789abcdef";
            })
            .AddAccessTokenProvider<TokensOfTheVault>();

        services.AddSingleton<ITokenVault>(new Vault(_emulator));
        services.PostConfigureAll<AssetComputeOptions>(options => Emulate(options, _emulator));
        await SignInAsync(services, Cancellation);
        Assert.Equal(1, _emulator.Calls.Count(EmulatorOperation.Token));
    }

    private static void Emulate(AssetComputeOptions options, AssetComputeEmulator emulator)
    {
        options.Endpoint = emulator.Endpoint;
        options.ImsEndpoint = emulator.ImsEndpoint;
    }

    private static async Task SignInAsync(IServiceCollection services, CancellationToken cancellationToken)
    {
        await using ServiceProvider provider = services.BuildServiceProvider();

        await provider.GetRequiredService<IAssetComputeClient>().RegisterAsync(cancellationToken);
    }

    public interface ITokenVault
    {
        Task<VaultToken> FetchAsync(CancellationToken cancellationToken);
    }

    public sealed record VaultToken(string Value, DateTimeOffset EndsOn);

    public sealed class TokensOfTheVault(ITokenVault vault) : IAccessTokenProvider, IDisposable
    {
        private readonly SemaphoreSlim _oneAtATime = new(1, 1);
        private AccessToken? _token;

        public async ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken)
        {
            await _oneAtATime.WaitAsync(cancellationToken);
            try
            {
                // Keep what is good; replace what is about to end, and the very token that the service has refused.
                bool isGood = _token is not null
                    && _token.Value != rejected?.Value
                    && _token.ExpiresOn > DateTimeOffset.UtcNow.AddMinutes(5);
                if (!isGood)
                {
                    VaultToken fetched = await vault.FetchAsync(cancellationToken);
                    _token = new AccessToken(fetched.Value, fetched.EndsOn);
                }

                return _token!;
            }
            finally
            {
                _oneAtATime.Release();
            }
        }

        public void Dispose() => _oneAtATime.Dispose();
    }

    private sealed class Vault(AssetComputeEmulator emulator) : ITokenVault
    {
        public async Task<VaultToken> FetchAsync(CancellationToken cancellationToken)
        {
            using var client = new HttpClient();
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["client_id"] = "0123456789abcdef0123456789abcdef",
                ["client_secret"] = "p8e-reader",
                ["grant_type"] = "client_credentials",
                ["scope"] = "openid,AdobeID,asset_compute,read_organizations,event_receiver,event_receiver_api,adobeio_api",
            });
            using HttpResponseMessage response = await client.PostAsync(new Uri(emulator.ImsEndpoint, "ims/token/v3"), form, cancellationToken);
            using var answer = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            return new VaultToken(answer.RootElement.GetProperty("access_token").GetString()!, DateTimeOffset.UtcNow.AddHours(24));
        }
    }
}
