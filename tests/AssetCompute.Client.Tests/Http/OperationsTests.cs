using System.Net;
using RichardSzalay.MockHttp;

namespace AssetCompute.Client.Tests.Http;

public class OperationsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RegisterAsync_accepted_posts_an_empty_body_with_every_header_and_returns_the_journal()
    {
        await using TestAccount account = new();
        account.Network.Expect(HttpMethod.Post, TestAccount.Endpoint + "/register")
            .WithHeaders("x-api-key", "test-client")
            .WithHeaders("x-gw-ims-org-id", "test@AdobeOrg")
            .WithHeaders("Authorization", "Bearer test-token")
            .With(request => request.Content is null && request.Headers.Contains("x-request-id"))
            .Respond("application/json", """{"ok":true,"journal":"https://journal.example/events/1","requestId":"from-body"}""");

        RegisterResult result = await account.Client.RegisterAsync(Cancellation);

        Assert.Equal(new RegisterResult { Journal = new Uri("https://journal.example/events/1"), RequestId = "from-body" }, result);
        account.Network.VerifyNoOutstandingExpectation();
    }

    [Fact]
    public async Task UnregisterAsync_not_registered_throws_though_the_body_says_ok()
    {
        await using TestAccount account = new();
        account.Network.Expect(HttpMethod.Post, TestAccount.Endpoint + "/unregister")
            .Respond(HttpStatusCode.NotFound, "application/json", """{"ok":true,"requestId":"r-1"}""");

        AssetComputeNotRegisteredException exception = await Assert.ThrowsAsync<AssetComputeNotRegisteredException>(() => account.Client.UnregisterAsync(Cancellation));

        Assert.Equal("r-1", exception.RequestId);
        Assert.Equal(HttpStatusCode.NotFound, exception.StatusCode);
    }

    [Fact]
    public async Task ProcessAsync_accepted_sends_the_request_as_json_under_its_own_id_and_returns_the_one_in_the_header()
    {
        await using TestAccount account = new();
        ProcessRequest request = new()
        {
            RequestId = "my-id",
            Source = new Uri("https://source.example/a.jpg?sig=1"),
            Renditions = [new Rendition { Format = RenditionFormat.Png, Target = new Uri("https://target.example/a.png?sig=2") }],
        };
        account.Network.Expect(HttpMethod.Post, TestAccount.Endpoint + "/process")
            .WithHeaders("x-request-id", "my-id")
            .WithContent("""{"source":"https://source.example/a.jpg?sig=1","renditions":[{"fmt":"png","target":"https://target.example/a.png?sig=2"}]}""")
            .With(sent => sent.Content!.Headers.ContentType!.ToString() == "application/json" && sent.Content.Headers.ContentLength > 0)
            .Respond([new("X-Request-Id", "header-id")], "application/json", """{"ok":true,"requestId":"body-id"}""");

        ProcessResult result = await account.Client.ProcessAsync(request, Cancellation);

        Assert.Equal("header-id", result.RequestId);
        account.Network.VerifyNoOutstandingExpectation();
    }
}
