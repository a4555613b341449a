using AssetCompute.Client.Authentication;
using Microsoft.Extensions.DependencyInjection;
using RichardSzalay.MockHttp;

namespace AssetCompute.Client.Tests.Http;

/// <summary>A client with a mock network. An unexpected request fails.</summary>
internal sealed class TestAccount : IAsyncDisposable
{
    public const string Endpoint = "https://asset-compute.example";

    private readonly ServiceProvider _provider;

    public TestAccount(Action<AssetComputeOptions>? configure = null, TimeProvider? timeProvider = null, Action<IAssetComputeBuilder>? configureServices = null, HttpMessageHandler? network = null)
    {
        ServiceCollection services = new();
        if (timeProvider is not null)
        {
            services.AddSingleton(timeProvider);
        }

        services.AddKeyedSingleton<IAccessTokenProvider>("", new FixedTokenProvider());
        IAssetComputeBuilder builder = services.AddAssetCompute(options =>
        {
            options.Endpoint = new Uri(Endpoint);
            options.ClientId = "test-client";
            options.OrganizationId = "test@AdobeOrg";
            options.ClientSecrets.Add("test-secret");
            configure?.Invoke(options);
        });
        builder.ServiceHttpClient.ConfigurePrimaryHttpMessageHandler(() => network ?? Network);
        builder.JournalHttpClient.ConfigurePrimaryHttpMessageHandler(() => network ?? Network);
        builder.ImsHttpClient.ConfigurePrimaryHttpMessageHandler(() => network ?? Network);
        configureServices?.Invoke(builder);
        _provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public MockHttpMessageHandler Network { get; } = new();

    public IServiceProvider Services => _provider;

    public IAssetComputeClient Client => _provider.GetRequiredService<IAssetComputeClient>();

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    internal sealed class FixedTokenProvider : IAccessTokenProvider
    {
        private readonly AccessToken _token = new("test-token", DateTimeOffset.MaxValue);

        public ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken) => new(_token);
    }
}
