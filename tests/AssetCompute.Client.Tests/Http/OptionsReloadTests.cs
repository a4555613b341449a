using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Tests.Http;

/// <summary>Retry and throttling options that change while the client is in use.</summary>
public sealed class OptionsReloadTests : IAsyncDisposable
{
    private readonly ScriptedNetwork _network = new();
    private readonly IConfigurationRoot _configuration;
    private readonly ServiceProvider _provider;

    public OptionsReloadTests()
    {
        _configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AssetCompute:OrganizationId"] = "o@AdobeOrg",
            ["AssetCompute:ClientId"] = "c",
            ["AssetCompute:Retry:MaxRetryAttempts"] = "0",
            ["AssetCompute:Retry:Delay"] = "00:00:00.001",
            ["AssetCompute:Throttling:MaxConcurrentRequests"] = "1",
        }).Build();
        ServiceCollection services = new();
        services.AddAssetCompute(_configuration.GetSection("AssetCompute"))
            .AddAccessTokenProvider(static _ => new TestAccount.FixedTokenProvider())
            .ServiceHttpClient.ConfigurePrimaryHttpMessageHandler(() => _network);
        _provider = services.BuildServiceProvider();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IAssetComputeClient Client => _provider.GetRequiredService<IAssetComputeClient>();

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _network.Dispose();
    }

    [Fact]
    public async Task Retry_options_apply_to_the_next_call()
    {
        _network.Expect("/register", 503);
        Assert.Equal(1, (await Assert.ThrowsAsync<AssetComputeUnavailableException>(() => Client.RegisterAsync(Cancellation))).Attempts);

        Reload("Retry:MaxRetryAttempts", "2");
        _network.Expect("/register", 503).Expect("/register", 503).ExpectSuccess("/register");
        await Client.RegisterAsync(Cancellation);

        Assert.Equal(0, _network.Remaining);
    }

    [Fact]
    public async Task Throttling_options_apply_to_the_calls_that_wait()
    {
        TaskCompletionSource<HttpResponseMessage> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _network.ExpectAnswer("/register", answer.Task).ExpectSuccess("/unregister").ExpectSuccess("/unregister");
        Task first = Client.RegisterAsync(Cancellation);
        Task waiting = Client.UnregisterAsync(Cancellation);
        Assert.False(waiting.IsCompleted);

        Reload("Throttling:MaxConcurrentRequests", "2");
        await waiting;
        await Client.UnregisterAsync(Cancellation);

        answer.SetResult(ScriptedNetwork.Success());
        await first;
    }

    private void Reload(string key, string value)
    {
        _configuration["AssetCompute:" + key] = value;
        _configuration.Reload();
    }
}
