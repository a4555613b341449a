using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Http;

/// <summary>Tests that the connection decompresses responses of the service, successful or not, and of the token endpoint.</summary>
public class CompressedAnswersTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RegisterAsync_AllAnswersAreCompressed_ReadsTokenAndJournal()
    {
        List<string> asked = [];
        await using RawServer server = new(exchange =>
        {
            asked.Add(exchange.Head);
            return AnswerAsync(exchange, 200, exchange.Head.StartsWith("POST /register", StringComparison.Ordinal)
                ? """{"ok":true,"journal":"https://journal.example/1","requestId":"r-1"}"""
                : """{"access_token":"a-token","expires_in":86399,"token_type":"bearer"}""");
        });
        await using AssetComputeClient client = NewClient(server.Endpoint);

        RegisterResult result = await client.RegisterAsync(Cancellation);

        Assert.Equal(new Uri("https://journal.example/1"), result.Journal);
        Assert.Equal(2, asked.Count);
        Assert.All(asked, static head => Assert.Contains("Accept-Encoding: gzip, deflate, br\r\n", head, StringComparison.Ordinal));
        Assert.Contains("Authorization: Bearer a-token\r\n", asked[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task RegisterAsync_RefusalIsCompressed_ShowsWhatItSays()
    {
        await using RawServer server = new(static exchange => exchange.Head.StartsWith("POST /register", StringComparison.Ordinal)
            ? AnswerAsync(exchange, 403, """{"error_code":"403003","message":"Api Key is invalid"}""")
            : exchange.AnswerAsync(200, """{"access_token":"a-token","expires_in":86399}"""));
        await using AssetComputeClient client = NewClient(server.Endpoint);

        AssetComputeNotEntitledException exception = await Assert.ThrowsAsync<AssetComputeNotEntitledException>(() => client.RegisterAsync(Cancellation));

        Assert.Equal("403003", exception.ErrorCode);
        Assert.Contains("Api Key is invalid", exception.ResponseBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RegisterAsync_AnswerIsCompressed_HandlersOfTheApplicationSeeItsText()
    {
        string? seen = null;
        await using RawServer server = new(static exchange => exchange.Head.StartsWith("POST /register", StringComparison.Ordinal)
            ? AnswerAsync(exchange, 403, """{"message":"Api Key is invalid"}""")
            : exchange.AnswerAsync(200, """{"access_token":"a-token","expires_in":86399}"""));
        await using AssetComputeClient client = NewClient(server.Endpoint, builder => builder.ServiceHttpClient.AddHttpMessageHandler(() => new Reader(text => seen = text)));

        await Assert.ThrowsAsync<AssetComputeNotEntitledException>(() => client.RegisterAsync(Cancellation));

        Assert.Equal("""{"message":"Api Key is invalid"}""", seen);
    }

    /// <summary>Tests that the client stops at its size limit when a small response decompresses to a very large body.</summary>
    [Fact]
    public async Task RegisterAsync_AnswerUnpacksToFarTooMuch_IsCutAndRefused()
    {
        await using RawServer server = new(static exchange => exchange.Head.StartsWith("POST /register", StringComparison.Ordinal)
            ? AnswerAsync(exchange, 200, $$"""{"ok":true,"padding":"{{new string('x', 50_000_000)}}"}""")
            : exchange.AnswerAsync(200, """{"access_token":"a-token","expires_in":86399}"""));
        await using AssetComputeClient client = NewClient(server.Endpoint);

        AssetComputeException exception = await Assert.ThrowsAsync<AssetComputeException>(() => client.RegisterAsync(Cancellation));

        Assert.Contains("not the JSON of the service", exception.Message, StringComparison.Ordinal);
        Assert.True(exception.ResponseBody!.Length <= 4096);
    }

    private static async Task AnswerAsync(RawExchange exchange, int status, string body)
    {
        using MemoryStream compressed = new();
        await using (GZipStream gzip = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(body), Cancellation);
        }

        await exchange.WriteAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} Status\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: {compressed.Length}\r\nConnection: close\r\n\r\n"));
        await exchange.WriteAsync(compressed.ToArray());
    }

    private static AssetComputeClient NewClient(Uri endpoint, Action<IAssetComputeBuilder>? configure = null) => AssetComputeClient.Create(
        options =>
        {
            options.Endpoint = endpoint;
            options.ImsEndpoint = endpoint;
            options.OrganizationId = "test@AdobeOrg";
            options.ClientId = "test";
            options.ClientSecrets.Add("secret");
        },
        configure);

    private sealed class Reader(Action<string> read) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            read(await response.Content.ReadAsStringAsync(cancellationToken));
            return response;
        }
    }
}
