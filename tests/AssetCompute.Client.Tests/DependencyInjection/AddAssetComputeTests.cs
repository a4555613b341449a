using System.Net;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Tests.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;

namespace AssetCompute.Client.Tests.DependencyInjection;

public class AddAssetComputeTests
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
    public void Configuration_is_bound_by_the_names_of_the_options()
    {
        using ServiceProvider provider = Bind(
            ("Endpoint", "https://service.example/base"),
            ("ImsEndpoint", "https://ims.example"),
            ("OrganizationId", "o@AdobeOrg"),
            ("ClientId", "c"),
            ("ClientSecrets:0", "s1"),
            ("ClientSecrets:1", "s2"),
            ("Scopes:0", "openid"),
            ("Retry:MaxRetryAttempts", "9"),
            ("Retry:TotalTimeout", "00:10:00"),
            ("Retry:RetryProcessOnServerError", "false"),
            ("Throttling:MaxConcurrentRequests", "7"),
            ("Journal:PageSize", "50"),
            ("Journal:OnExpired", "Oldest"));

        AssetComputeOptions options = provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>().CurrentValue;

        Assert.Equal(new Uri("https://service.example/base"), options.Endpoint);
        Assert.Equal(["s1", "s2"], options.ClientSecrets);
        Assert.Equal(["openid"], options.Scopes);
        Assert.Equal(9, options.Retry.MaxRetryAttempts);
        Assert.Equal(TimeSpan.FromMinutes(10), options.Retry.TotalTimeout);
        Assert.False(options.Retry.RetryProcessOnServerError);
        Assert.Equal(7, options.Throttling.MaxConcurrentRequests);
        Assert.Equal(50, options.Journal.PageSize);
        Assert.Equal(ExpiredPositionPolicy.Oldest, options.Journal.OnExpired);
    }

    [Theory]
    [InlineData("ClientSecret", "s", "ClientSecrets")]
    [InlineData("Retry:MaxRetries", "3", "MaxRetryAttempts")]
    [InlineData("Throttling:MaxConcurrency", "3", "MaxConcurrentRequests")]
    [InlineData("Journal:Pagesizes", "3", "PageSize")]
    public void Configuration_key_that_nobody_knows_is_an_error_that_names_it_and_what_there_is(string key, string value, string meant)
    {
        using ServiceProvider provider = Bind(("OrganizationId", "o"), ("ClientId", "c"), ("ClientSecrets:0", "s"), (key, value));

        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(provider.GetRequiredService<IAssetComputeClient>);

        Assert.Contains($":{key}: there is no such setting", exception.Message, StringComparison.Ordinal);
        Assert.Contains($" {meant},", exception.Message.Replace('.', ','), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Endpoint", "http://service.example")]
    [InlineData("Endpoint", "https://service.example/?x=1")]
    [InlineData("ImsEndpoint", "ftp://ims.example")]
    [InlineData("Retry:MaxRetryAttempts", "-1")]
    [InlineData("Retry:MaxRetryAttempts", "101")]
    [InlineData("Retry:Delay", "00:00:00")]
    [InlineData("Retry:Delay", "00:01:00")]
    [InlineData("Retry:MaxDelay", "2.00:00:00")]
    [InlineData("Retry:MaxRetryAfter", "-00:00:01")]
    [InlineData("Retry:AttemptTimeout", "00:00:00.001")]
    [InlineData("Retry:TotalTimeout", "00:00:29")]
    [InlineData("Throttling:MaxConcurrentRequests", "0")]
    [InlineData("Journal:PageSize", "0")]
    [InlineData("Journal:PollInterval", "00:00:00")]
    [InlineData("Journal:MaxPollInterval", "00:00:01")]
    [InlineData("Journal:MaxRetryAfter", "-00:00:01")]
    [InlineData("Journal:ReadTimeout", "00:00:00")]
    [InlineData("Journal:MaxRetryDelay", "00:00:00.5")]
    [InlineData("Journal:MaxConsecutiveFailures", "0")]
    [InlineData("Journal:MaxEventBytes", "10")]
    [InlineData("Journal:OnExpired", "7")]
    [InlineData("Journal:ReadinessTimeout", "-00:00:01")]
    public void Option_out_of_range_is_named_with_what_it_allows(string key, string value)
    {
        using ServiceProvider provider = Bind(("OrganizationId", "o"), ("ClientId", "c"), ("ClientSecrets:0", "s"), (key, value));

        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IAssetComputeClient>);

        Assert.Contains(exception.Failures, failure => failure.StartsWith($"AssetComputeOptions: {key.Replace(':', '.')} must", StringComparison.Ordinal));
    }

    [Fact]
    public void Several_options_out_of_range_are_all_named_with_the_account()
    {
        ServiceCollection services = new();
        services.AddAssetCompute("second", options =>
        {
            Valid(options);
            options.Retry.MaxRetryAttempts = 1000;
            options.Journal.PageSize = -1;
        });
        using ServiceProvider provider = services.BuildServiceProvider();

        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.Equal(2, exception.Failures.Count());
        Assert.All(exception.Failures, failure => Assert.StartsWith("AssetComputeOptions of account 'second': ", failure, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_to_sign_in_with_is_an_error_at_start()
    {
        ServiceCollection services = new();
        services.AddAssetCompute("second", options =>
        {
            options.ClientId = "c";
            options.OrganizationId = "o";
        });
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
    }

    [Fact]
    public async Task Create_makes_a_client_without_a_container()
    {
        ScriptedNetwork network = new();
        network.ExpectSuccess("/register");
        await using AssetComputeClient client = AssetComputeClient.Create(Valid, builder =>
        {
            builder.AddAccessTokenProvider(new FixedToken());
            builder.ServiceHttpClient.ConfigurePrimaryHttpMessageHandler(() => network);
        });

        Assert.Equal("r-1", (await client.RegisterAsync(Cancellation)).RequestId);
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

    private static ServiceProvider Bind(params (string Key, string Value)[] settings)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>("AssetCompute:" + setting.Key, setting.Value)))
            .Build();
        ServiceCollection services = new();
        services.AddAssetCompute(configuration.GetSection("AssetCompute"));
        return services.BuildServiceProvider();
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

    private sealed class FixedToken : IAccessTokenProvider
    {
        public ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken) => new(new AccessToken("t", DateTimeOffset.MaxValue));
    }

    /// <summary>A clock whose waits of up to ten seconds are over at once.</summary>
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
