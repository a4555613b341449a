using System.Net;
using AssetCompute.Client.Http;
using AssetCompute.Client.Http.Resilience;
using AssetCompute.Client.Tests.Time;
using Polly.Timeout;

namespace AssetCompute.Client.Tests.Http;

/// <summary>The names of operations and failures in messages, logs and metrics.</summary>
public class OperationTextTests
{
    private readonly FakeTimeProvider _time = new();

    public static TheoryData<Exception, string> Failures => new()
    {
        { new TimeoutException(), "timeout" },
        { new TimeoutRejectedException(), "timeout" },
        { new TaskCanceledException(), "cancelled" },
        { new BrokenBodyException("x", new IOException()), "broken_body" },
        { new HttpRequestException(HttpRequestError.NameResolutionError), "name_resolution_error" },
        { new HttpRequestException(HttpRequestError.ConnectionError), "connection_error" },
        { new HttpRequestException(HttpRequestError.SecureConnectionError), "secure_connection_error" },
        { new HttpRequestException(HttpRequestError.HttpProtocolError), "http_protocol_error" },
        { new HttpRequestException(HttpRequestError.ResponseEnded), "response_ended" },
        { new HttpRequestException(HttpRequestError.InvalidResponse), "invalid_response" },
        { new HttpRequestException(HttpRequestError.ProxyTunnelError), "proxy_tunnel_error" },
        { new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded), "configuration_limit_exceeded" },
        { new HttpRequestException("x"), "http_error" },
        { new InvalidDataException(), "System.IO.InvalidDataException" },
    };

    public static TheoryData<Exception, string> Descriptions => new()
    {
        { new TimeoutRejectedException("x", TimeSpan.FromSeconds(2.5)), "there was no answer within 2.5 s." },
        { new TimeoutException(), "there was no answer in time." },
        { new IOException(), "the connection broke off in the middle of the answer." },
        { new TaskCanceledException("x", new TimeoutException()), "the HttpClient.Timeout that the application set has elapsed." },
        { new TaskCanceledException(), "there was no answer in time." },
        { new HttpRequestException(HttpRequestError.ProxyTunnelError), "the proxy refused the connection." },
        { new HttpRequestException("x"), "the connection broke off, or the answer was not HTTP." },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Name_of_an_exception_is_one_word(Exception exception, string expected) => Assert.Equal(expected, Failure.NameOf(exception));

    [Theory]
    [MemberData(nameof(Descriptions))]
    public void Create_without_an_answer_says_what_went_wrong(Exception cause, string expected)
    {
        AssetComputeException? failure = ResponseErrors.Create(cause, new HttpOperation(OperationKind.Process, url: null, "r", _time));

        Assert.IsType<AssetComputeUnavailableException>(failure);
        Assert.StartsWith("POST /process failed: " + expected, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:5000/process?code=SECRET", "no connection could be made to http://localhost:5000. Is the emulator running there?")]
    [InlineData("http://127.0.0.1:5000/process", "no connection could be made to http://127.0.0.1:5000. Is the emulator running there?")]
    [InlineData("https://asset-compute.adobe.io/process", "no connection could be made. Check the endpoint and the network.")]
    public void Create_NoConnection_AsksForTheEmulatorOnThisMachine(string url, string expected)
    {
        AssetComputeException? failure = ResponseErrors.Create(new HttpRequestException(HttpRequestError.ConnectionError, "x"), new HttpOperation(OperationKind.Process, new Uri(url), "r", _time));

        Assert.StartsWith("POST /process failed: " + expected, failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"message":"Client is not registered, call /register first."}""", "\"Client is not registered, call /register first.\". Call RegisterAsync first. (")]
    [InlineData("", "404 Not Found. The client is not registered: call RegisterAsync first. (")]
    public async Task CreateAsync_NotRegistered_IsSaidOnce(string body, string expected)
    {
        using HttpResponseMessage response = new(HttpStatusCode.NotFound) { Content = new StringContent(body) };

        AssetComputeException failure = await ResponseErrors.CreateAsync(response, new HttpOperation(OperationKind.Process, url: null, "r", _time), TestContext.Current.CancellationToken);

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(300, OperationKindNames.Process, "The redirect was not followed")]
    [InlineData(399, OperationKindNames.Process, "The redirect was not followed")]
    [InlineData(400, OperationKindNames.Process, "Correct the request")]
    [InlineData(401, OperationKindNames.Process, "The access token or the API key was not accepted")]
    [InlineData(403, OperationKindNames.Process, "The project is not entitled")]
    [InlineData(404, OperationKindNames.Process, "The client is not registered")]
    [InlineData(404, OperationKindNames.Journal, "The journal does not exist")]
    [InlineData(408, OperationKindNames.Process, "The service gave up waiting")]
    [InlineData(413, OperationKindNames.Process, "The request is too large")]
    [InlineData(415, OperationKindNames.Process, "The service did not read the body as JSON")]
    [InlineData(422, OperationKindNames.Process, "Correct the request")]
    [InlineData(429, OperationKindNames.Process, "The service asks for fewer requests")]
    [InlineData(499, OperationKindNames.Process, "Neither the API nor its gateway documents this answer")]
    [InlineData(500, OperationKindNames.Process, "The service or a gateway in front of it failed")]
    public async Task CreateAsync_each_status_says_what_to_do(int status, string kind, string advice)
    {
        using HttpResponseMessage response = new((HttpStatusCode)status) { Content = new StringContent("") };
        HttpOperation operation = new(kind == OperationKindNames.Process ? OperationKind.Process : OperationKind.ReadJournal, url: null, "r", _time);

        AssetComputeException failure = await ResponseErrors.CreateAsync(response, operation, TestContext.Current.CancellationToken);

        Assert.Contains(". " + advice, failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("(0 attempts in 0.0 s, request id r)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateAsync_all_facts_are_told()
    {
        using HttpResponseMessage response = new(HttpStatusCode.TooManyRequests) { Content = new StringContent("""{"error_code":"429050","message":"slow down"}"""), ReasonPhrase = " " };
        response.Headers.Add("Retry-After", "7");
        response.Headers.Add("x-request-id", "theirs");
        HttpOperation operation = new(OperationKind.Process, url: null, "r", _time);
        operation.CountAttempt();
        _time.Advance(TimeSpan.FromSeconds(1.25));

        AssetComputeThrottledException failure = Assert.IsType<AssetComputeThrottledException>(await ResponseErrors.CreateAsync(response, operation, TestContext.Current.CancellationToken));

        Assert.StartsWith("POST /process was answered with 429: \"slow down\". ", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("(1 attempt in 1.3 s, retry after 7 s, code 429050, request id theirs)", failure.Message, StringComparison.Ordinal);
        Assert.Equal(7, failure.RetryAfter?.TotalSeconds);
        Assert.Equal(("theirs", "429050", 1), (failure.RequestId, failure.ErrorCode, failure.Attempts));
    }

    private static class OperationKindNames
    {
        public const string Process = "process";
        public const string Journal = "journal";
    }
}
