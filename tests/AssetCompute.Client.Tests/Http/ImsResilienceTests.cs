using System.IO.Compression;
using System.Text;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Tests.Streams;
using AssetCompute.Client.Tests.Time;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Tests.Http;

public sealed class ImsResilienceTests : IAsyncDisposable
{
    private const string Token = """{"access_token":"t-1","token_type":"bearer","expires_in":86399}""";

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedNetwork _network = new();
    private readonly ServiceProvider _provider;
    private Action<AssetComputeOptions> _configure = static _ => { };

    public ImsResilienceTests()
    {
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(_time);
        services.AddAssetCompute(options =>
        {
            options.OrganizationId = "o@AdobeOrg";
            options.ClientId = "c";
            options.ClientSecrets.Add("s");
            options.Retry.UseJitter = false;
            _configure(options);
        }).ImsHttpClient.ConfigurePrimaryHttpMessageHandler(() => _network);
        _provider = services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _network.Dispose();
    }

    [Fact]
    public async Task Token_transient_failures_and_silence_are_tried_again_within_a_short_time()
    {
        _network.Expect("/ims/token/v3", 503).ExpectHang("/ims/token/v3").Expect("/ims/token/v3", 200, body: Token);
        long start = _time.GetTimestamp();

        AccessToken token = await RunAsync();

        Assert.Equal("t-1", token.Value);
        Assert.Equal(TimeSpan.FromSeconds(0.5 + 10 + 1), _time.GetElapsedTime(start));
    }

    [Fact]
    public async Task Token_limits_of_the_options_hold_where_they_are_shorter()
    {
        _configure = static options => options.Retry.AttemptTimeout = TimeSpan.FromSeconds(4);
        _network.ExpectHang("/ims/token/v3").Expect("/ims/token/v3", 200, body: Token);
        long start = _time.GetTimestamp();

        await RunAsync();

        Assert.Equal(TimeSpan.FromSeconds(4 + 0.5), _time.GetElapsedTime(start));
    }

    [Fact]
    public async Task Token_wait_that_is_too_long_ends_the_attempts()
    {
        _network.Expect("/ims/token/v3", 429, "11");

        AssetComputeAuthenticationException exception = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(RunAsync);

        Assert.Equal(TimeSpan.FromSeconds(11), exception.RetryAfter);
        Assert.Equal(0, _network.Remaining);
    }

    [Fact]
    public async Task Token_answer_in_x_gzip_is_read()
    {
        using MemoryStream compressed = new();
        await using (GZipStream gzip = new(compressed, CompressionMode.Compress, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Token), TestContext.Current.CancellationToken);
        }

        _network.Expect("/ims/token/v3", _ =>
        {
            HttpResponseMessage response = new() { Content = new ByteArrayContent(compressed.ToArray()) };
            response.Content.Headers.Add("Content-Encoding", "x-gzip");
            return response;
        });

        // The clock does not advance. The first decompression is slow, and the attempt would time out.
        Assert.Equal("t-1", (await FetchAsync()).Value);
    }

    [Fact]
    public async Task Token_body_that_drips_counts_as_the_failure_of_the_attempt()
    {
        _network.Expect("/ims/token/v3", _ => new HttpResponseMessage { Content = new StreamContent(new StalledStream([])) }).Expect("/ims/token/v3", 200, body: Token);

        Assert.Equal("t-1", (await RunAsync()).Value);
    }

    [Theory]
    [InlineData(64 * 1024, true)]
    [InlineData(64 * 1024 + 1, false)]
    [InlineData(10 * 1024 * 1024, false)]
    public async Task Token_answer_over_its_bound_is_refused(int bytes, bool isRead)
    {
        const string head = """{"access_token":"t","expires_in":7200,"x":"}""";
        _network.Expect("/ims/token/v3", 200, body: head + new string('x', bytes - head.Length - 2) + "\"}");

        Task<AccessToken> fetching = FetchAsync();

        if (isRead)
        {
            Assert.Equal("t", (await fetching).Value);
        }
        else
        {
            Assert.Contains("200 without an access token", (await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => fetching)).Message, StringComparison.Ordinal);
        }
    }

    private Task<AccessToken> FetchAsync() =>
        _provider.GetRequiredKeyedService<IAccessTokenProvider>("").GetTokenAsync(rejected: null, TestContext.Current.CancellationToken).AsTask();

    private async Task<AccessToken> RunAsync()
    {
        Task<AccessToken> fetching = FetchAsync();
        while (!fetching.IsCompleted)
        {
            // A refresh runs on another thread. The timer of the total timeout must not fire before the timer of the wait is set.
            await Task.Delay(25, TestContext.Current.CancellationToken);
            if (_time.NextTimer <= TimeSpan.FromSeconds(10))
            {
                _time.AdvanceToNextTimer();
            }
        }

        return await fetching;
    }
}
