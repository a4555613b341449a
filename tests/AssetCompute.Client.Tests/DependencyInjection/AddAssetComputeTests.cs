using System.Net;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using AssetCompute.Client.Tests.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace AssetCompute.Client.Tests.DependencyInjection;

public partial class AddAssetComputeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Unnamed_account_is_there_with_and_without_its_key()
    {
        using ServiceProvider provider = new ServiceCollection().Add(Valid).BuildServiceProvider();

        Assert.Same(provider.GetRequiredService<IAssetComputeClient>(), provider.GetRequiredKeyedService<IAssetComputeClient>(""));
    }

    [Fact]
    public void Named_accounts_stand_side_by_side()
    {
        ServiceCollection services = new();
        services.AddAssetCompute("one", Valid);
        services.AddAssetCompute("two", Valid);
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.NotSame(provider.GetRequiredKeyedService<IAssetComputeClient>("one"), provider.GetRequiredKeyedService<IAssetComputeClient>("two"));
        Assert.NotSame(provider.GetRequiredKeyedService<IAccessTokenProvider>("one"), provider.GetRequiredKeyedService<IAccessTokenProvider>("two"));
        Assert.Null(provider.GetService<IAssetComputeClient>());
    }

    [Fact]
    public async Task Added_twice_adds_its_options_up_and_not_its_handlers()
    {
        int sent = 0;
        await using TestAccount account = new(configureServices: builder =>
        {
            builder.Services.AddAssetCompute(options => options.Retry.MaxRetryAttempts = 2);
            builder.ServiceHttpClient.AddHttpMessageHandler(() => new UserHandler(_ => sent++));
        }, configure: static options => options.Throttling.Enabled = false, timeProvider: new InstantTime(), network: new AlwaysBusy());

        AssetComputeUnavailableException exception = await Assert.ThrowsAsync<AssetComputeUnavailableException>(() => account.Client.RegisterAsync(Cancellation));

        Assert.Equal(3, sent);
        Assert.Equal(3, exception.Attempts);
    }

    [Fact]
    public void Added_twice_is_one_account_with_the_options_of_both_calls_in_their_order()
    {
        ServiceCollection services = new();
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [KeyValuePair.Create<string, string?>("One:ClientId", "of-section"), KeyValuePair.Create<string, string?>("One:Retry:MaxRetryAttempts", "9")]).Build();

        IAssetComputeBuilder first = services.AddAssetCompute("one", Valid);
        IAssetComputeBuilder second = services.AddAssetCompute("one", configuration.GetSection("One"));
        IAssetComputeBuilder third = services.AddAssetCompute("one", options => options.ClientSecrets.Add("second"));
        IAssetComputeBuilder other = services.AddAssetCompute("other", Valid);

        Assert.Same(first, second);
        Assert.Same(first, third);
        Assert.NotSame(first, other);
        using ServiceProvider provider = services.BuildServiceProvider();
        AssetComputeOptions options = provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>().Get("one");
        Assert.Equal(("o@AdobeOrg", "of-section", 9), (options.OrganizationId, options.ClientId, options.Retry.MaxRetryAttempts));
        Assert.Equal(["s", "second"], options.ClientSecrets);
        Assert.Single(provider.GetKeyedServices<IAssetComputeClient>("one"));
    }

    [Fact]
    public async Task Users_own_handler_in_one_line_sees_every_attempt_signed()
    {
        List<string> seen = [];
        await using TestAccount account = new(
            configureServices: builder => builder.ServiceHttpClient.AddHttpMessageHandler(() => new UserHandler(request => seen.Add(request.Headers.Authorization!.ToString()))),
            network: new ScriptedNetwork().ExpectSuccess("/register"));

        await account.Client.RegisterAsync(Cancellation);

        Assert.Equal(["Bearer test-token"], seen);
    }

    [Fact]
    public async Task Request_without_the_options_of_the_client_is_refused_with_what_to_do()
    {
        await using TestAccount account = new(network: new ScriptedNetwork());
        using HttpClient http = account.Services.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientNames.Service(""));

        InvalidOperationException exception = await Assert.ThrowsAsync<InvalidOperationException>(() => http.GetAsync(new Uri("https://service.example/"), Cancellation));

        Assert.Contains("Copy the Options to the new request", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Users_own_resilience_handler_takes_the_place_of_ours_in_two_lines()
    {
        await using TestAccount account = new(
            options => options.Retry.MaxRetryAttempts = 0,
            configureServices: builder => builder.ServiceHttpClient.AddHttpMessageHandler(() => new UserResilienceHandler()),
            network: new ScriptedNetwork().Expect("/register", 503).Expect("/register", 503).ExpectSuccess("/register"));

        await account.Client.RegisterAsync(Cancellation);
    }

    [Fact]
    public async Task Handler_that_spoils_a_request_spoils_no_later_attempt()
    {
        int headers = 0;
        ScriptedNetwork network = new();
        network.Expect("/process", request => Answer(request, HttpStatusCode.ServiceUnavailable)).Expect("/process", request => Answer(request, HttpStatusCode.OK));
        await using TestAccount account = new(
            configureServices: builder => builder.ServiceHttpClient.AddHttpMessageHandler(() => new UserHandler(request =>
            {
                request.Headers.Add("x-user", "1");
                request.Content!.Headers.Add("x-content", "1");
                using StreamReader reader = new(request.Content.ReadAsStream());
                Assert.StartsWith("""{"source":""", reader.ReadToEnd(), StringComparison.Ordinal);
            })),
            timeProvider: new InstantTime(),
            network: network);

        await account.Client.ProcessAsync(
            new ProcessRequest { Source = new Uri("https://s.example/"), Renditions = [new Rendition { Format = "png", Target = new Uri("https://t.example/") }] }, Cancellation);

        Assert.Equal(4, headers);

        HttpResponseMessage Answer(HttpRequestMessage request, HttpStatusCode status)
        {
            headers += request.Headers.GetValues("x-user").Count() + request.Content!.Headers.GetValues("x-content").Count();
            return ScriptedNetwork.Json(status, """{"ok":true}""");
        }
    }

    [Fact]
    public async Task Create_makes_a_client_without_a_container()
    {
        ScriptedNetwork network = new();
        network.ExpectSuccess("/register");
        await using AssetComputeClient client = AssetComputeClient.Create(Valid, builder =>
        {
            builder.AddAccessTokenProvider(static _ => new FixedToken());
            builder.ServiceHttpClient.ConfigurePrimaryHttpMessageHandler(() => network);
        });

        Assert.Equal("r-1", (await client.RegisterAsync(Cancellation)).RequestId);
    }

    [Fact]
    public async Task Client_after_its_disposal_names_itself()
    {
        AssetComputeClient client = AssetComputeClient.Create(Valid, builder => builder.AddAccessTokenProvider(static _ => new FixedToken()));
        await client.DisposeAsync();
        await client.DisposeAsync();

        Func<object>[] uses =
        [
            () => client.Journal,
            () => client.Jobs,
            () => client.RegisterAsync(Cancellation),
            () => client.UnregisterAsync(Cancellation),
            () => client.ProcessAsync(new ProcessRequest { Source = new Uri("https://s.example/"), Renditions = [] }, Cancellation),
        ];

        Assert.All(uses, use => Assert.Equal(nameof(AssetComputeClient), Assert.Throws<ObjectDisposedException>(use).ObjectName));
    }

    [Fact]
    public async Task Object_of_the_application_that_is_disposed_names_itself()
    {
        await using AssetComputeClient client = AssetComputeClient.Create(Valid, builder => builder
            .AddAccessTokenProvider(static _ => new FixedToken())
            .ServiceHttpClient.AddHttpMessageHandler(static () => new DisposedHandler()));

        Assert.Equal("theirs", (await Assert.ThrowsAsync<ObjectDisposedException>(() => client.RegisterAsync(Cancellation))).ObjectName);
    }

    [Fact]
    public async Task Client_disposed_while_its_token_is_fetched_names_itself()
    {
        TaskCompletionSource asked = new();
        AssetComputeClient client = AssetComputeClient.Create(Valid, builder => builder.ImsHttpClient.ConfigurePrimaryHttpMessageHandler(() => new NeverAnswering(asked)));
        Task<RegisterResult> call = client.RegisterAsync(Cancellation);
        await asked.Task;

        await client.DisposeAsync();

        Assert.Equal(nameof(AssetComputeClient), (await Assert.ThrowsAsync<ObjectDisposedException>(() => call)).ObjectName);
    }

    [Fact]
    public void Create_with_invalid_options_throws_at_once()
    {
        Assert.Throws<OptionsValidationException>(() => AssetComputeClient.Create(options => options.Endpoint = new Uri("http://service.example")));
    }

    [Fact]
    public void Null_arguments_throw()
    {
        Assert.Throws<ArgumentNullException>(() => new ServiceCollection().AddAssetCompute((Action<AssetComputeOptions>)null!));
        Assert.Throws<ArgumentNullException>(() => new ServiceCollection().AddAssetCompute((IConfigurationSection)null!));
        Assert.Throws<ArgumentNullException>(() => new ServiceCollection().AddAssetCompute(null!, Valid));
        Assert.Throws<ArgumentNullException>(() => AssetComputeClient.Create(null!));
    }

    private static void Valid(AssetComputeOptions options)
    {
        options.OrganizationId = "o@AdobeOrg";
        options.ClientId = "c";
        options.ClientSecrets.Add("s");
    }

    private sealed class DisposedHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw new ObjectDisposedException("theirs");
    }

    private sealed class UserHandler(Action<HttpRequestMessage> see) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            see(request);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class UserResilienceHandler : DelegatingHandler
    {
        private readonly ResiliencePipeline<HttpResponseMessage> _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                Delay = TimeSpan.Zero,
                ShouldHandle = static args => new ValueTask<bool>(args.Outcome.Result?.StatusCode is HttpStatusCode.ServiceUnavailable),
            })
            .Build();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            await _pipeline.ExecuteAsync(async token => await base.SendAsync(request, token), cancellationToken);
    }

    private sealed class AlwaysBusy : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
    }

    private sealed class NeverAnswering(TaskCompletionSource asked) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new NotSupportedException();
        }
    }

    private sealed class FixedToken : IAccessTokenProvider
    {
        public ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken) => new(new AccessToken("t", DateTimeOffset.MaxValue));
    }

    /// <summary>A clock that shortens waits of less than ten seconds to one millisecond.</summary>
    private sealed class InstantTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero && dueTime < TimeSpan.FromSeconds(10) ? TimeSpan.FromMilliseconds(1) : dueTime, period);
    }
}

file static class Accounts
{
    public static IServiceCollection Add(this IServiceCollection services, Action<AssetComputeOptions> configure)
    {
        services.AddAssetCompute(configure);
        return services;
    }
}
