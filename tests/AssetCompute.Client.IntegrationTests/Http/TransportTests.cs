using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using AssetCompute.Client.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Http;

/// <summary>Tests for the behavior of connections and their options.</summary>
public class TransportTests
{
    private const string Good = """{"ok":true,"journal":"https://journal.example/1","requestId":"r-1"}""";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_carries_every_header_once_and_an_empty_body_of_known_length()
    {
        string head = "";
        await using RawServer server = new(exchange =>
        {
            head = exchange.Head;
            return exchange.AnswerAsync(200, Good);
        });
        await using AssetComputeClient client = NewClient(server.Endpoint);

        await client.RegisterAsync(Cancellation);

        string[] lines = head.Split("\r\n");
        Assert.Equal("POST /register HTTP/1.1", lines[0]);
        Assert.Equal(
            ["accept-encoding", "authorization", "content-length", "host", "user-agent", "x-api-key", "x-gw-ims-org-id", "x-ims-org-id", "x-request-id"],
            lines.Skip(1).Select(line => line.Split(':')[0].ToLowerInvariant()).Where(name => name != "traceparent").Order(StringComparer.Ordinal));
        Assert.Contains("Content-Length: 0", lines);
        Assert.Contains(lines, line => line.StartsWith("User-Agent: AssetCompute.Client/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Compressed_answer_is_read()
    {
        using MemoryStream compressed = new();
        await using (GZipStream gzip = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(Good), Cancellation);
        }

        await using RawServer server = new(async exchange =>
        {
            await exchange.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {compressed.Length}\r\nConnection: close\r\n\r\n"));
            await exchange.WriteAsync(compressed.ToArray());
        });
        await using AssetComputeClient client = NewClient(server.Endpoint);

        Assert.Equal("r-1", (await client.RegisterAsync(Cancellation)).RequestId);
    }

    [Fact]
    public async Task Proxy_of_the_users_own_is_set_on_each_client_and_used()
    {
        List<string> asked = [];
        await using RawServer proxy = new(exchange =>
        {
            asked.Add(exchange.Head.Split("\r\n")[0]);
            return exchange.Head.StartsWith("GET", StringComparison.Ordinal)
                ? exchange.WriteAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
                : exchange.AnswerAsync(200, Good);
        });
        Uri nobody = new("http://127.0.0.1:1");
        await using AssetComputeClient client = NewClient(nobody, builder =>
        {
            foreach (IHttpClientBuilder http in (IHttpClientBuilder[])[builder.ServiceHttpClient, builder.JournalHttpClient, builder.ImsHttpClient])
            {
                http.ConfigurePrimaryHttpMessageHandler((handler, _) => ((SocketsHttpHandler)handler).Proxy = new WebProxy(proxy.Endpoint));
            }
        });

        await client.RegisterAsync(Cancellation);
        await foreach (JournalEntry entry in client.Journal.ReadAsync(
            options: new JournalReadOptions { Journal = new Uri(nobody, "/journal"), StopWhenCaughtUp = true }, cancellationToken: Cancellation))
        {
            Assert.Fail("There is no event: " + entry);
        }

        Assert.Equal(["POST http://127.0.0.1:1/register HTTP/1.1", "GET http://127.0.0.1:1/journal HTTP/1.1"], asked);
    }

    [Fact]
    public async Task Disposed_client_leaves_no_connection_open()
    {
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RawServer server = new(async exchange =>
        {
            await exchange.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Good.Length}\r\n\r\n{Good}");
            await exchange.WaitForCloseAsync();
            closed.SetResult();
        });
        await using (AssetComputeClient client = NewClient(server.Endpoint))
        {
            await client.RegisterAsync(Cancellation);
            Assert.False(closed.Task.IsCompleted);
        }

        await closed.Task.WaitAsync(Patience, Cancellation);
    }

    private static AssetComputeClient NewClient(Uri endpoint, Action<IAssetComputeBuilder>? configure = null) => AssetComputeClient.Create(
        options =>
        {
            options.Endpoint = endpoint;
            options.OrganizationId = "test@AdobeOrg";
            options.ClientId = "test";
        },
        builder =>
        {
            builder.AddAccessTokenProvider(static _ => new FixedTokenProvider());
            configure?.Invoke(builder);
        });

    private sealed class FixedTokenProvider : IAccessTokenProvider
    {
        private readonly AccessToken _token = new("test", DateTimeOffset.MaxValue);

        public ValueTask<AccessToken> GetTokenAsync(AccessToken? rejected, CancellationToken cancellationToken) => new(_token);
    }
}
