using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Tests.Http;

/// <summary>
/// Defaults that a host sets for all of its HTTP clients, as every Aspire template does. The SDK's clients do not use the host's resilience handler, but do use
/// service discovery and other handlers.
/// </summary>
public sealed class HostDefaultsTests : IAsyncDisposable
{
    private readonly ScriptedNetwork _network = new();
    private readonly List<string> _seen = [];
    private readonly ServiceProvider _provider;

    public HostDefaultsTests()
    {
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection([new("Services:asset-compute:https:0", "https://10.0.0.7:8443")])
            .Build());
        services.AddServiceDiscovery();
        IAssetComputeBuilder builder = services.AddAssetCompute(static options =>
        {
            options.Endpoint = new Uri("https://asset-compute");
            options.OrganizationId = "test@AdobeOrg";
            options.ClientId = "test-client";
            options.ClientSecrets.Add("test-secret");
            options.Retry.Delay = TimeSpan.FromMilliseconds(1);
            options.Journal.MaxConsecutiveFailures = 1;
        });

        // Registered after the account, because the order must not matter.
        services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler(static options =>
            {
                options.AttemptTimeout.Timeout = TimeSpan.FromMilliseconds(50);
                options.Retry.Delay = TimeSpan.Zero;
            });
            http.AddServiceDiscovery();
            http.AddHttpMessageHandler(() => new Recorder(_seen));
        });
        builder.ServiceHttpClient.ConfigurePrimaryHttpMessageHandler(() => _network);
        builder.JournalHttpClient.ConfigurePrimaryHttpMessageHandler(() => _network);
        builder.ImsHttpClient.ConfigurePrimaryHttpMessageHandler(() => _network);
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
    public async Task ProcessAsync_AnswerThatTakesLongerThanTheHostAllows_IsOnePost()
    {
        ExpectToken();
        TaskCompletionSource<HttpResponseMessage> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _network.ExpectAnswer("/process", answer.Task);
        Task<ProcessResult> call = Client.ProcessAsync(Jobs.FakeService.Request("a", 1), Cancellation);

        await Task.Delay(500, Cancellation);
        Assert.False(call.IsCompleted);
        answer.SetResult(ScriptedNetwork.Success());

        Assert.Equal("r-1", (await call).RequestId);
        Assert.Equal(0, _network.Remaining);
    }

    [Fact]
    public async Task RegisterAsync_FailureThatLasts_IsTriedAsOftenAsTheOptionsSayAndAnExceptionOfOurs()
    {
        ExpectToken();
        for (int attempt = 0; attempt < 7; attempt++)
        {
            _network.Expect("/register", 503);
        }

        AssetComputeUnavailableException failure = await Assert.ThrowsAsync<AssetComputeUnavailableException>(() => Client.RegisterAsync(Cancellation));

        Assert.Equal(7, failure.Attempts);
        Assert.Equal(0, _network.Remaining);
    }

    [Fact]
    public async Task RegisterAsync_IdentityServiceThatFails_IsTriedAsOftenAsOurClientTries()
    {
        for (int attempt = 0; attempt < 4; attempt++)
        {
            _network.Expect("/ims/token/v3", 503);
        }

        await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => Client.RegisterAsync(Cancellation));

        Assert.Equal(0, _network.Remaining);
    }

    [Fact]
    public async Task ReadAsync_JournalThatFails_IsReadOnce()
    {
        ExpectToken();
        _network.ExpectSuccess("/register").Expect("/1", 204).Expect("/1", 503);

        await Assert.ThrowsAsync<JournalException>(async () =>
        {
            await foreach (JournalEntry entry in _provider.GetRequiredService<IJournalReader>().ReadAsync(cancellationToken: Cancellation))
            {
                Assert.Fail("There is no event: " + entry);
            }
        });

        Assert.Equal(0, _network.Remaining);
    }

    [Fact]
    public async Task RegisterAsync_NameThatServiceDiscoveryKnows_IsSentToItsAddressWithTheToken()
    {
        string? asked = null;
        ExpectToken();
        _network.Expect("/register", request =>
        {
            asked = $"{request.RequestUri} {request.Headers.Authorization}";
            return ScriptedNetwork.Success();
        });

        await Client.RegisterAsync(Cancellation);

        Assert.Equal("https://10.0.0.7:8443/register Bearer t", asked);
        Assert.Equal(["https://10.0.0.7:8443/register", "https://ims-na1.adobelogin.com/ims/token/v3"], _seen);
    }

    private void ExpectToken() => _network.Expect("/ims/token/v3", (int)HttpStatusCode.OK, body: """{"access_token":"t","expires_in":86399}""");

    private sealed class Recorder(List<string> seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            seen.Add(request.RequestUri!.ToString());
            return base.SendAsync(request, cancellationToken);
        }
    }
}
