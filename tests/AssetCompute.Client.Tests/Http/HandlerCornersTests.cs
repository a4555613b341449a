using System.Net;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Http;
using AssetCompute.Client.Tests.Diagnostics;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Tests.Http;

/// <summary>What the handlers keep between attempts, what they report as metrics, and what they dispose.</summary>
[Collection("Telemetry")]
public sealed class HandlerCornersTests : IAsyncDisposable
{
    private readonly string _name = Guid.NewGuid().ToString();
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedNetwork _network = new();
    private readonly ServiceProvider _provider;

    public HandlerCornersTests()
    {
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(_time);
        IAssetComputeBuilder builder = services.AddAssetCompute(_name, options =>
        {
            options.Endpoint = new Uri(TestAccount.Endpoint);
            options.OrganizationId = "o@AdobeOrg";
            options.ClientId = "c";
            options.ClientSecrets.Add("s");
            options.Retry.UseJitter = false;
            options.Retry.MaxRetryAttempts = 2;
        });
        builder.ImsHttpClient.ConfigurePrimaryHttpMessageHandler(() => _network);
        builder.ServiceHttpClient.ConfigurePrimaryHttpMessageHandler(() => _network);
        _provider = services.BuildServiceProvider();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _network.Dispose();
    }

    [Fact]
    public async Task Token_requests_are_each_counted_though_nothing_else_is()
    {
        using Measurements measurements = new("asset_compute.client.token.fetches");
        _network.Expect("/ims/token/v3", 503).Expect("/ims/token/v3", 200, body: """{"access_token":"t","expires_in":86399}""").ExpectSuccess("/register");

        await RegisterAsync();

        Assert.Equal(["asset_compute.client.token.fetches 503 503", "asset_compute.client.token.fetches 200 "], Told(measurements));
    }

    [Fact]
    public async Task Attempts_are_each_counted_though_nothing_else_is()
    {
        using Measurements measurements = new("asset_compute.client.attempts");
        _network.Expect("/ims/token/v3", 200, body: """{"access_token":"t","expires_in":86399}""").Expect("/register", 503).ExpectSuccess("/register");

        await RegisterAsync();

        Assert.Equal(["asset_compute.client.attempts 503 503", "asset_compute.client.attempts 200 "], Told(measurements));
    }

    [Fact]
    public async Task Attempt_without_an_answer_is_counted_by_what_stood_in_its_way()
    {
        using Measurements measurements = new("asset_compute.client.attempts");
        _network.Expect("/ims/token/v3", 200, body: """{"access_token":"t","expires_in":86399}""")
            .ExpectFailure("/register", new HttpRequestException(HttpRequestError.NameResolutionError, "unknown host")).ExpectSuccess("/register");

        await RegisterAsync();

        Assert.Equal(["asset_compute.client.attempts  name_resolution_error", "asset_compute.client.attempts 200 "], Told(measurements));
    }

    [Fact]
    public async Task Body_that_breaks_off_is_told_as_such_and_its_answer_let_go_of()
    {
        using Measurements measurements = new("asset_compute.client.operation.duration");
        BrokenContent[] bodies = [.. Enumerable.Range(0, 3).Select(_ => new BrokenContent())];
        _network.Expect("/ims/token/v3", 200, body: """{"access_token":"t","expires_in":86399}""");
        foreach (BrokenContent body in bodies)
        {
            _network.Expect("/register", _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = body });
        }

        AssetComputeUnavailableException failure = await Assert.ThrowsAsync<AssetComputeUnavailableException>(RegisterAsync);

        Assert.Equal(3, failure.Attempts);
        Assert.Equal(["asset_compute.client.operation.duration  broken_body"], Told(measurements));
        Assert.All(bodies, body => Assert.True(body.IsDisposed));
    }

    [Fact]
    public async Task Identity_that_changes_under_the_same_token_is_sent_from_then_on()
    {
        AssetComputeIdentity identity = new() { OrganizationId = "o@AdobeOrg", ClientId = "first" };
        List<string> sent = [];
        using HttpMessageInvoker invoker = new(new AuthenticationHandler(new TestAccount.FixedTokenProvider(), () => identity, static _ => true)
        {
            InnerHandler = new Recorder(sent),
        });

        await SendAsync();
        await SendAsync();
        identity = new AssetComputeIdentity { OrganizationId = "o@AdobeOrg", ClientId = "second" };
        await SendAsync();

        Assert.Equal(["first", "first", "second"], sent);

        async Task SendAsync()
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "https://service.example/process");
            using HttpResponseMessage response = await invoker.SendAsync(request, Cancellation);
        }
    }

    [Theory]
    [InlineData("403020", 403)]
    [InlineData("403023", 403)]
    [InlineData("403024", 403)]
    [InlineData("503000", 503)]
    [InlineData("503010", 503)]
    public async Task Gateway_codes_of_one_meaning_have_one_explanation(string code, int status)
    {
        using HttpResponseMessage response = new((HttpStatusCode)status) { Content = new StringContent($$"""{"error_code":"{{code}}"}""") };

        AssetComputeException failure = await ResponseErrors.CreateAsync(response, new HttpOperation(OperationKind.Process, url: null, "r", _time), Cancellation);

        Assert.Contains(status == 403 ? "The gateway found no profile" : "The gateway could not check the request", failure.Message, StringComparison.Ordinal);
    }

    private async Task RegisterAsync()
    {
        Task call = _provider.GetRequiredKeyedService<IAssetComputeClient>(_name).RegisterAsync(Cancellation);
        while (!call.IsCompleted)
        {
            // A wait between two attempts is shorter than the timeout of an attempt, which must not fire.
            if (_time.NextTimer <= TimeSpan.FromSeconds(1))
            {
                _time.AdvanceToNextTimer();
            }

            await Task.Delay(1, Cancellation);
        }

        await call;
    }

    private IEnumerable<string> Told(Measurements measurements) =>
        measurements.Of(_name).Select(measurement => $"{measurement.Instrument} {measurement["http.response.status_code"]} {measurement["error.type"]}");

    private sealed class Recorder(List<string> sent) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            sent.Add(request.Headers.GetValues("x-api-key").Single());
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        }
    }

    private sealed class BrokenContent : HttpContent
    {
        public bool IsDisposed { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => throw new IOException("reset by peer");

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
