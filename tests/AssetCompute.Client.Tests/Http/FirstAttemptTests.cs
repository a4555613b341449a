using System.Net;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Tests.Http;

/// <summary>The first attempt sends the original request. Changes to that request must not affect later attempts.</summary>
public sealed partial class FirstAttemptTests : IAsyncDisposable
{
    /// <summary>A time limit that is long enough for any machine. Only a failure waits for it.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedNetwork _network = new();
    private readonly List<Action<HttpRequestMessage>> _handlers = [];
    private readonly TestAccount _account;

    public FirstAttemptTests() => _account = new TestAccount(
        static options =>
        {
            options.Throttling.Enabled = false;
            options.Retry.UseJitter = false;
        },
        _time,
        builder => builder.ServiceHttpClient
            .ConfigureHttpClient(static client =>
            {
                client.DefaultRequestHeaders.Add("x-application", "tests");
                client.DefaultRequestHeaders.Add("x-list", ["one", "two"]);
            })
            .AddHttpMessageHandler(() => new Handler(request => _handlers.ForEach(handle => handle(request)))),
        _network);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ProcessRequest Request { get; } = new()
    {
        Source = new Uri("https://source.example/a.jpg"),
        Renditions = [new Rendition { Format = RenditionFormat.Png, Target = new Uri("https://target.example/a.png") }],
    };

    public async ValueTask DisposeAsync()
    {
        await _account.DisposeAsync();
        _network.Dispose();
    }

    [Fact]
    public async Task ProcessAsync_HeadersOfTheApplication_TravelWithEachAttempt()
    {
        List<string> seen = [];
        Answer(HttpStatusCode.ServiceUnavailable);
        Answer(HttpStatusCode.ServiceUnavailable);
        Answer(HttpStatusCode.OK);

        await RunAsync();

        Assert.Equal(3, seen.Count);
        Assert.Single(seen.Distinct());
        Assert.Contains("x-application=tests", seen[0], StringComparison.Ordinal);
        Assert.Contains("x-list=one,two", seen[0], StringComparison.Ordinal);
        Assert.Contains("x-request-id=", seen[0], StringComparison.OrdinalIgnoreCase);

        void Answer(HttpStatusCode status) => _network.Expect("/process", request =>
        {
            seen.Add(string.Join(' ', request.Headers.Select(static header => $"{header.Key}={string.Join(',', header.Value.Select(static value => value.Replace(" ", "", StringComparison.Ordinal)))}").Order(StringComparer.Ordinal)));
            return ScriptedNetwork.Json(status, """{"ok":true}""");
        });
    }

    [Fact]
    public async Task ProcessAsync_HandlerThatTurnsTheFirstAttemptInsideOut_LeavesTheNextAsItWas()
    {
        List<(HttpMethod Method, string Url, string Body)> seen = [];
        _handlers.Add(request =>
        {
            if (seen.Count == 0)
            {
                request.Method = HttpMethod.Put;
                request.RequestUri = new Uri("https://elsewhere.example/other");
                request.Content = new StringContent("other");
                request.Headers.Clear();
                request.Options.Set(new HttpRequestOptionsKey<string>("x-option"), "other");
            }
        });
        Answer("/other", HttpStatusCode.ServiceUnavailable);
        Answer("/process", HttpStatusCode.OK);

        await RunAsync();

        Assert.Equal((HttpMethod.Put, "https://elsewhere.example/other", "other"), seen[0]);
        Assert.Equal(HttpMethod.Post, seen[1].Method);
        Assert.Equal(TestAccount.Endpoint + "/process", seen[1].Url);
        Assert.StartsWith("""{"source":"https://source.example/a.jpg""", seen[1].Body, StringComparison.Ordinal);

        void Answer(string path, HttpStatusCode status) => _network.Expect(path, request =>
        {
            seen.Add((request.Method, request.RequestUri!.ToString(), request.Content!.ReadAsStringAsync(Cancellation).Result));
            Assert.Equal(seen.Count == 1, request.Options.TryGetValue(new HttpRequestOptionsKey<string>("x-option"), out _));
            Assert.Equal(seen.Count == 2, request.Headers.Contains("Authorization"));
            return ScriptedNetwork.Json(status, """{"ok":true}""");
        });
    }

    [Fact]
    public async Task ProcessAsync_HandlerThatRewritesTheBody_SeesItAsItWasAfterA401()
    {
        await using TestAccount account = new(
            timeProvider: _time,
            configureServices: builder => builder
                .AddAccessTokenProvider(static _ => new RenewingTokens())
                .ServiceHttpClient.AddHttpMessageHandler(() => new Handler(static request =>
                    request.Content = new StringContent(request.Content!.ReadAsStringAsync(Cancellation).Result + "rewritten"))),
            network: _network);
        List<string> bodies = [];
        _network.Expect("/process", request => Keep(request, HttpStatusCode.Unauthorized)).Expect("/process", request => Keep(request, HttpStatusCode.OK));

        await account.Client.ProcessAsync(Request, Cancellation);

        Assert.Equal(2, bodies.Count);
        Assert.Single(bodies.Distinct());
        Assert.EndsWith("}rewritten", bodies[0], StringComparison.Ordinal);

        HttpResponseMessage Keep(HttpRequestMessage request, HttpStatusCode status)
        {
            bodies.Add(request.Content!.ReadAsStringAsync(Cancellation).Result);
            return ScriptedNetwork.Json(status, """{"ok":true}""");
        }
    }

    [Fact]
    public async Task RegisterAsync_RequestThatAnOuterHandlerHasMadeItsOwn_IsSentWithAllOfIt()
    {
        await using TestAccount account = new(
            timeProvider: _time,
            configureServices: builder => builder.Services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(() => new Handler(static request =>
            {
                request.Version = HttpVersion.Version20;
                request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
                request.Headers.Add("x-user", ["1", "2"]);
                request.Options.Set(new HttpRequestOptionsKey<string>("note"), "kept");
                request.Content = new StringContent("text", System.Text.Encoding.UTF8, "text/plain");
            }))),
            network: _network);
        _network.Expect("/register", request =>
        {
            Assert.Equal((HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact), (request.Version, request.VersionPolicy));
            Assert.Equal(["1", "2"], request.Headers.GetValues("x-user"));
            Assert.Equal("kept", request.Options.GetValueOrDefault("note"));
            Assert.Equal("text/plain; charset=utf-8", request.Content!.Headers.ContentType!.ToString());
            Assert.Equal("text", request.Content.ReadAsStringAsync(Cancellation).Result);
            return ScriptedNetwork.Success();
        });

        await account.Client.RegisterAsync(Cancellation);
    }

    [Fact]
    public async Task ProcessAsync_HandlerThatDisposesTheFirstBody_LeavesTheNext()
    {
        int calls = 0;
        _handlers.Add(request =>
        {
            if (calls++ == 0)
            {
                request.Content!.Dispose();
            }
        });
        _network.Expect("/process", 503).Expect("/process", request =>
        {
            Assert.NotEmpty(request.Content!.ReadAsByteArrayAsync(Cancellation).Result);
            return ScriptedNetwork.Success();
        });

        await RunAsync();

        Assert.Equal(2, calls);
    }

    private async Task RunAsync()
    {
        Task<ProcessResult> call = _account.Client.ProcessAsync(Request, Cancellation);
        while (!call.IsCompleted && _time.NextTimer is { } next)
        {
            _time.Advance(next);
        }

        await call;
    }

    private sealed class RenewingTokens : IAccessTokenProvider
    {
        private readonly AccessToken _first = new("first", DateTimeOffset.MaxValue);
        private readonly AccessToken _second = new("second", DateTimeOffset.MaxValue);

        public ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken) => new(rejected is null ? _first : _second);
    }

    private sealed class Handler(Action<HttpRequestMessage> handle) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            handle(request);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
