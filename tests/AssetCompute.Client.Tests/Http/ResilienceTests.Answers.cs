using System.Net;
using AssetCompute.Client.Tests.Jobs;

namespace AssetCompute.Client.Tests.Http;

public sealed partial class ResilienceTests
{
    [Fact]
    public async Task UnregisterAsync_not_found_after_an_answer_was_lost_is_a_success()
    {
        _network.ExpectFailure("/unregister", new HttpRequestException(HttpRequestError.ResponseEnded, "reset"));
        _network.Expect("/unregister", (int)HttpStatusCode.NotFound, body: """{"ok":true,"requestId":"r-2"}""");

        Task<UnregisterResult> call = _account.Client.UnregisterAsync(Cancellation);
        await RunAsync(call);

        Assert.Equal("r-2", (await call).RequestId);
    }

    [Fact]
    public async Task UnregisterAsync_not_found_after_a_refusal_is_still_an_error()
    {
        _network.Expect("/unregister", 429);
        _network.Expect("/unregister", (int)HttpStatusCode.NotFound);

        await Assert.ThrowsAsync<AssetComputeNotRegisteredException>(() => RunAsync(_account.Client.UnregisterAsync(Cancellation)));
    }

    [Theory]
    [InlineData("<html>Please sign in to the network</html>")]
    [InlineData("")]
    [InlineData("""{"ok":false,"message":"no"}""")]
    [InlineData("null")]
    public async Task Answer_of_good_status_that_is_not_the_service_is_an_error_and_not_tried_again(string body)
    {
        foreach ((string path, Func<Task> call) in Operations())
        {
            _network.Expect(path, (int)HttpStatusCode.OK, body: body);

            AssetComputeException exception = await Assert.ThrowsAsync<AssetComputeException>(call);

            Assert.Equal(HttpStatusCode.OK, exception.StatusCode);
        }
    }

    [Theory]
    [InlineData("http://journal.example/events")]
    [InlineData("/events")]
    [InlineData("ftp://journal.example/events")]
    public async Task RegisterAsync_journal_that_may_not_see_the_token_is_an_error(string journal)
    {
        _network.Expect("/register", 200, body: $$"""{"ok":true,"journal":"{{journal}}"}""");

        AssetComputeException exception = await Assert.ThrowsAsync<AssetComputeException>(() => _account.Client.RegisterAsync(Cancellation));

        Assert.Contains("not an https URL", exception.Message, StringComparison.Ordinal);
    }
}
