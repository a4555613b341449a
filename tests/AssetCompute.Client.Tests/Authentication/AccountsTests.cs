using System.Net;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Tests.Authentication;

/// <summary>Accounts as an application registers them.</summary>
public sealed class AccountsTests : IDisposable
{
    private readonly FakeIms _ims = new(TimeProvider.System, TimeSpan.FromDays(1));
    private readonly SeenRequests _service = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _ims.Dispose();
        _service.Dispose();
    }

    [Fact]
    public async Task TwoAccounts_HaveTheirOwnTokensAndHeaders()
    {
        var services = new ServiceCollection();
        Connect(services.AddAssetCompute("one", options => Configure(options, "1")));
        Connect(services.AddAssetCompute("two", options => Configure(options, "2")));
        await using ServiceProvider provider = services.BuildServiceProvider();

        await provider.GetRequiredKeyedService<IAssetComputeClient>("one").UnregisterAsync(Cancellation);
        await provider.GetRequiredKeyedService<IAssetComputeClient>("two").UnregisterAsync(Cancellation);

        Assert.Equal(
            [
                ("Bearer token-number-1", "org-1@AdobeOrg", "org-1@AdobeOrg", "client-1"),
                ("Bearer token-number-2", "org-2@AdobeOrg", "org-2@AdobeOrg", "client-2"),
            ],
            _service.Seen);
        Assert.Equal(["secret-value-1", "secret-value-2"], _ims.Forms.Select(form => form["client_secret"]));
    }

    [Fact]
    public async Task OwnProvider_OfEachRegistration_TakesThePlaceOfTheCredentials()
    {
        var own = new OwnTokens();
        Action<IAssetComputeBuilder>[] registrations =
        [
            builder => builder.AddAccessTokenProvider(_ => own),
            builder => builder.AddAccessTokenProvider<OwnTokens>(),
            builder => builder.AddAccessTokenProvider(static _ => new FailingTokens()).AddAccessTokenProvider(_ => own),
        ];
        foreach (Action<IAssetComputeBuilder> register in registrations)
        {
            var services = new ServiceCollection();
            IAssetComputeBuilder builder = services.AddAssetCompute(Identity);
            Connect(builder);
            register(builder);
            await using ServiceProvider provider = services.BuildServiceProvider();
            await provider.GetRequiredService<IAssetComputeClient>().UnregisterAsync(Cancellation);
        }

        var before = new ServiceCollection();
        before.AddKeyedSingleton<IAccessTokenProvider>("", own);
        Connect(before.AddAssetCompute(Identity));
        await using ServiceProvider last = before.BuildServiceProvider();
        await last.GetRequiredService<IAssetComputeClient>().UnregisterAsync(Cancellation);

        Assert.Equal(4, _service.Seen.Count);
        Assert.All(_service.Seen, seen => Assert.Equal(("Bearer own-token", "org@AdobeOrg", "org@AdobeOrg", "client"), seen));
        Assert.Equal(0, _ims.Requests);

        static void Identity(AssetComputeOptions options)
        {
            options.OrganizationId = "org@AdobeOrg";
            options.ClientId = "client";
        }
    }

    [Fact]
    public async Task OwnProviderThatFails_SendsNothing()
    {
        var services = new ServiceCollection();
        IAssetComputeBuilder builder = services.AddAssetCompute(options => Configure(options, "1"));
        Connect(builder);
        builder.AddAccessTokenProvider(static _ => new FailingTokens());
        await using ServiceProvider provider = services.BuildServiceProvider();

        await Assert.ThrowsAsync<AssetComputeAuthenticationException>(
            () => provider.GetRequiredService<IAssetComputeClient>().UnregisterAsync(Cancellation));

        Assert.Empty(_service.Seen);
    }

    [Fact]
    public async Task TheJournalsHost_IsReachedOnceTheServiceHasNamedItAndByThatAccountOnly()
    {
        var services = new ServiceCollection();
        Connect(services.AddAssetCompute("one", options => Configure(options, "1")));
        Connect(services.AddAssetCompute("two", options => Configure(options, "2")));
        await using ServiceProvider provider = services.BuildServiceProvider();
        var journal = new Uri("https://events.example/organizations/1/integrations/2/3");
        using HttpClient one = provider.GetRequiredService<IHttpClientFactory>().CreateClient("AssetCompute:one:journal");
        using HttpClient two = provider.GetRequiredService<IHttpClientFactory>().CreateClient("AssetCompute:two:journal");

        await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => ReadAsync(one));
        Assert.Empty(_service.Seen);

        provider.GetRequiredKeyedService<AllowedHosts>("one").Allow(journal);
        using HttpResponseMessage response = await ReadAsync(one);

        Assert.Equal("client-1", Assert.Single(_service.Seen).Key);
        await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => ReadAsync(two));
        Assert.Single(_service.Seen);

        async Task<HttpResponseMessage> ReadAsync(HttpClient client)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, journal);
            new HttpOperation(OperationKind.ReadJournal, journal, requestId: null, TimeProvider.System).AttachTo(request);
            return await client.SendAsync(request, Cancellation);
        }
    }

    [Fact]
    public void AccountWithoutSecrets_IsRefusedWithTheWayOut()
    {
        var services = new ServiceCollection();
        services.AddAssetCompute("one", static options =>
        {
            options.OrganizationId = "org@AdobeOrg";
            options.ClientId = "client";
        });
        using ServiceProvider provider = services.BuildServiceProvider();

        var refused = Assert.Throws<OptionsValidationException>(
            () => provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>().Get("one"));

        Assert.Contains("ClientSecrets is missing", refused.Message, StringComparison.Ordinal);
    }

    private static void Configure(AssetComputeOptions options, string number)
    {
        options.OrganizationId = $"org-{number}@AdobeOrg";
        options.ClientId = $"client-{number}";
        options.ClientSecrets.Add($"secret-value-{number}");
    }

    private void Connect(IAssetComputeBuilder builder)
    {
        builder.ImsHttpClient.ConfigurePrimaryHttpMessageHandler(() => _ims);
        builder.ServiceHttpClient.ConfigurePrimaryHttpMessageHandler(() => _service);
        builder.JournalHttpClient.ConfigurePrimaryHttpMessageHandler(() => _service);
    }

    private sealed class OwnTokens : IAccessTokenProvider
    {
        public ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken) =>
            new(new AccessToken("own-token", DateTimeOffset.MaxValue));
    }

    private sealed class FailingTokens : IAccessTokenProvider
    {
        public ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken) =>
            throw new AssetComputeAuthenticationException("The vault is closed.");
    }

    private sealed class SeenRequests : HttpMessageHandler
    {
        public List<(string Authorization, string GatewayOrganization, string Organization, string Key)> Seen { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Seen.Add((Header("Authorization"), Header("x-gw-ims-org-id"), Header("x-ims-org-id"), Header("x-api-key")));
            return Task.FromResult(FakeIms.Json(HttpStatusCode.OK, """{"ok":true,"requestId":"r"}"""));

            string Header(string name) => Assert.Single(request.Headers.NonValidated[name]);
        }
    }
}
