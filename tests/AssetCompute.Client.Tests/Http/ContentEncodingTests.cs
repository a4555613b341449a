using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Tests.Http;

/// <summary>Responses in a content encoding that the connection does not decode, for example from a proxy.</summary>
public sealed class ContentEncodingTests
{
    private const string Token = """{"access_token":"t","expires_in":7200}""";
    private const string Registration = """{"ok":true,"journal":"https://journal.example/1","requestId":"r-1"}""";
    private const string Page = """{"events":[{"position":"p-1","event":{"type":"rendition_created","requestId":"r-1"}}]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static ProcessRequest Request { get; } = new()
    {
        Source = new Uri("https://source.example/a.jpg"),
        Renditions = [new Rendition { Format = RenditionFormat.Png, Target = new Uri("https://target.example/a.png") }],
    };

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("X-GZIP")]
    [InlineData("identity")]
    [InlineData("identity, x-gzip")]
    public async Task Every_answer_in_a_known_encoding_is_read(string encoding)
    {
        await using ServiceProvider provider = NewAccount(encoding, out List<string> asked);
        IAssetComputeClient client = provider.GetRequiredService<IAssetComputeClient>();

        Assert.Equal("r-1", (await client.RegisterAsync(Cancellation)).RequestId);
        Assert.Equal("r-1", (await client.ProcessAsync(Request, Cancellation)).RequestId);
        await foreach (JournalEntry entry in provider.GetRequiredService<IJournalReader>().ReadAsync(JournalPosition.Oldest, cancellationToken: Cancellation))
        {
            Assert.Equal("r-1", Assert.IsType<RenditionCreated>(entry.Event).RequestId);
            break;
        }

        Assert.Contains("/ims/token/v3", asked);
        Assert.Contains("/1", asked);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip, br")]
    [InlineData("x-gzip, x-gzip")]
    public async Task Answer_in_another_encoding_is_an_error_that_names_it_and_is_not_tried_again(string encoding)
    {
        await using ServiceProvider provider = NewAccount(encoding, out List<string> asked, "/process");

        AssetComputeException failure = await Assert.ThrowsAsync<AssetComputeException>(() => provider.GetRequiredService<IAssetComputeClient>().ProcessAsync(Request, Cancellation));

        Assert.Contains($"POST /process was answered with 200 OK. Its body has the content encoding '{encoding}'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, failure.Attempts);
        Assert.Single(asked, "/process");
    }

    [Fact]
    public async Task Token_in_another_encoding_is_an_error_that_names_it()
    {
        await using ServiceProvider provider = NewAccount("br", out _, "/ims/token/v3");

        var failure = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => provider.GetRequiredService<IAssetComputeClient>().RegisterAsync(Cancellation));

        Assert.Contains("The token request was answered with 200 OK. Its body has the content encoding 'br'", failure.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, failure.StatusCode);
    }

    [Fact]
    public async Task Page_in_another_encoding_ends_the_reader_with_an_error_that_names_it()
    {
        await using ServiceProvider provider = NewAccount("br", out _, "/1");

        JournalException failure = await Assert.ThrowsAsync<JournalException>(async () =>
        {
            await foreach (JournalEntry entry in provider.GetRequiredService<IJournalReader>().ReadAsync(JournalPosition.Oldest, cancellationToken: Cancellation))
            {
                Assert.Fail("The page was read.");
            }
        });

        Assert.Contains("Its body has the content encoding 'br'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_in_another_encoding_is_told_by_its_status()
    {
        await using ServiceProvider provider = NewAccount("br", out _, "/process", HttpStatusCode.BadRequest);

        var failure = await Assert.ThrowsAsync<AssetComputeInvalidRequestException>(() => provider.GetRequiredService<IAssetComputeClient>().ProcessAsync(Request, Cancellation));

        Assert.Null(failure.ResponseBody);
    }

    private static ServiceProvider NewAccount(string encoding, out List<string> asked, string? onlyOf = null, HttpStatusCode status = HttpStatusCode.OK)
    {
        List<string> paths = asked = [];
        ServiceCollection services = new();
        IAssetComputeBuilder builder = services.AddAssetCompute(options =>
        {
            options.OrganizationId = "o@AdobeOrg";
            options.ClientId = "c";
            options.ClientSecrets.Add("s");
            options.Journal.MaxConsecutiveFailures = 1;
            options.Journal.ReadinessTimeout = TimeSpan.Zero;
        });
        foreach (IHttpClientBuilder client in (IHttpClientBuilder[])[builder.ImsHttpClient, builder.ServiceHttpClient, builder.JournalHttpClient])
        {
            client.ConfigurePrimaryHttpMessageHandler(() => new Network(request =>
            {
                string path = request.RequestUri!.AbsolutePath;
                paths.Add(path);
                string body = path switch { "/ims/token/v3" => Token, "/1" => Page, _ => Registration };
                bool isEncoded = onlyOf is null || onlyOf == path;
                return Answer(isEncoded ? status : HttpStatusCode.OK, Encoding.UTF8.GetBytes(body), isEncoded ? encoding : null);
            }));
        }

        return services.BuildServiceProvider();
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, byte[] body, string? encoding)
    {
        if (encoding?.EndsWith("gzip", StringComparison.OrdinalIgnoreCase) is true)
        {
            using MemoryStream compressed = new();
            using (GZipStream gzip = new(compressed, CompressionMode.Compress, leaveOpen: true))
            {
                gzip.Write(body);
            }

            body = compressed.ToArray();
        }

        HttpResponseMessage response = new(status) { Content = new ByteArrayContent(body) };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        if (encoding is not null)
        {
            response.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }

        return response;
    }

    private sealed class Network(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request));
    }
}
