using System.Net;
using System.Text;
using AssetCompute.Client.Http;
using AssetCompute.Client.Tests.Streams;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Http;

public class ResponseErrorsTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(302, typeof(AssetComputeException))]
    [InlineData(400, typeof(AssetComputeInvalidRequestException))]
    [InlineData(401, typeof(AssetComputeAuthenticationException))]
    [InlineData(402, typeof(AssetComputeException))]
    [InlineData(403, typeof(AssetComputeNotEntitledException))]
    [InlineData(404, typeof(AssetComputeNotRegisteredException))]
    [InlineData(408, typeof(AssetComputeUnavailableException))]
    [InlineData(413, typeof(AssetComputeInvalidRequestException))]
    [InlineData(429, typeof(AssetComputeThrottledException))]
    [InlineData(500, typeof(AssetComputeUnavailableException))]
    [InlineData(503, typeof(AssetComputeUnavailableException))]
    [InlineData(599, typeof(AssetComputeUnavailableException))]
    public async Task CreateAsync_each_status_has_its_type(int status, Type expected)
    {
        AssetComputeException exception = await CreateAsync(status, "");

        Assert.IsType(expected, exception);
        Assert.Equal(status, (int)exception.StatusCode!.Value);
        Assert.Null(exception.ResponseBody);
    }

    [Fact]
    public async Task CreateAsync_service_message_is_shown_with_what_to_do_and_every_fact()
    {
        HttpOperation operation = new(OperationKind.Process, url: null, "sent-id", _time);
        operation.CountAttempt();
        operation.CountAttempt();
        _time.Advance(TimeSpan.FromSeconds(3));
        using HttpResponseMessage response = Response(400, """{"ok":false,"requestId":"body-id","message":"renditions is not an array"}""");

        AssetComputeException exception = await ResponseErrors.CreateAsync(response, operation, TestContext.Current.CancellationToken);

        Assert.Equal(
            "POST /process was answered with 400 Bad Request: \"renditions is not an array\". Correct the request; sending it again unchanged cannot help. (2 attempts in 3.0 s, request id body-id)",
            exception.Message);
        Assert.Equal("body-id", exception.RequestId);
        Assert.Equal(2, exception.Attempts);
        Assert.Equal(TimeSpan.FromSeconds(3), exception.Elapsed);
    }

    [Theory]
    [InlineData("""{"error_code":"429050","message":"Too many requests"}""", 429, "429050", "counted too many requests")]
    [InlineData("""{"error_code":429001}""", 429, "429001", "usage limit")]
    [InlineData("""{"error_code":"403003","message":"Api Key is invalid"}""", 403, "403003", "check the client id")]
    [InlineData("""{"error_code":"401013","message":"Oauth token is not valid"}""", 401, "401013", "invalid or expired")]
    [InlineData("""{"error_code":"403010"}""", 403, "403010", "The access token is missing")]
    public async Task CreateAsync_gateway_code_is_explained(string body, int status, string code, string explanation)
    {
        AssetComputeException exception = await CreateAsync(status, body);

        Assert.Equal(code, exception.ErrorCode);
        Assert.Contains(explanation, exception.Message, StringComparison.Ordinal);
        Assert.Equal(body, exception.ResponseBody);
    }

    [Theory]
    [InlineData("<html><body>Bad gateway</body></html>")]
    [InlineData("""{"message":"cut""")]
    [InlineData("[]")]
    [InlineData("\0\u0001")]
    [InlineData("""{"message":{"nested":true},"requestId":null,"error_code":[]}""")]
    [InlineData("\"\\ud800\"")]
    [InlineData("""{"message":"\ud800"}""")]
    public async Task CreateAsync_body_of_any_kind_is_survived_and_kept(string body)
    {
        AssetComputeException exception = await CreateAsync(503, body);

        Assert.Equal("sent-id", exception.RequestId);
        Assert.Equal(body, exception.ResponseBody);
        Assert.Null(exception.ErrorCode);
    }

    [Fact]
    public async Task CreateAsync_request_id_of_the_header_goes_first()
    {
        using HttpResponseMessage response = Response(500, """{"requestId":"body-id"}""");
        response.Headers.TryAddWithoutValidation("X-Request-Id", "header-id");

        AssetComputeException exception = await ResponseErrors.CreateAsync(response, NewOperation(), TestContext.Current.CancellationToken);

        Assert.Equal("header-id", exception.RequestId);
    }

    [Fact]
    public async Task CreateAsync_secrets_in_body_and_message_are_left_out()
    {
        AssetComputeException exception = await CreateAsync(400, """{"message":"cannot PUT https://t.example/x?sig=SECRET","error_code":"https://t.example/?SECRET"}""");

        Assert.DoesNotContain("SECRET", exception.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", exception.ResponseBody, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", exception.ErrorCode, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateAsync_redirect_names_the_place_without_its_query_and_says_why_it_was_not_followed()
    {
        using HttpResponseMessage response = Response(302, "");
        response.Headers.Location = new Uri("https://elsewhere.example/login?state=SECRET");

        AssetComputeException exception = await ResponseErrors.CreateAsync(response, NewOperation(), TestContext.Current.CancellationToken);

        Assert.Contains("redirect to https://elsewhere.example/login?… was not followed", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateAsync_huge_body_is_read_only_to_the_bound()
    {
        using EndlessStream stream = new();
        using HttpResponseMessage response = new(HttpStatusCode.InternalServerError) { Content = new StreamContent(stream) };

        AssetComputeException exception = await ResponseErrors.CreateAsync(response, NewOperation(), TestContext.Current.CancellationToken);

        Assert.Equal(4096, exception.ResponseBody!.Length);
        Assert.InRange(stream.Read, 4096, 64 * 1024);
    }

    [Fact]
    public async Task CreateAsync_body_in_another_charset_is_read_as_such()
    {
        using HttpResponseMessage response = new(HttpStatusCode.InternalServerError) { Content = new ByteArrayContent(Encoding.Latin1.GetBytes("Zähler voll")) };
        response.Content.Headers.TryAddWithoutValidation("Content-Type", "text/plain; charset=iso-8859-1");

        AssetComputeException exception = await ResponseErrors.CreateAsync(response, NewOperation(), TestContext.Current.CancellationToken);

        Assert.Equal("Zähler voll", exception.ResponseBody);
    }

    [Fact]
    public async Task CreateAsync_body_that_drips_is_given_up_after_five_seconds()
    {
        using StalledStream stream = new("begun"u8.ToArray());
        using HttpResponseMessage response = new(HttpStatusCode.InternalServerError) { Content = new StreamContent(stream) };

        Task<AssetComputeException> creating = ResponseErrors.CreateAsync(response, NewOperation(), TestContext.Current.CancellationToken);
        Assert.False(creating.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("begun", (await creating).ResponseBody);
    }

    [Fact]
    public async Task CreateAsync_cancelled_throws_at_once()
    {
        using CancellationTokenSource cancellation = new();
        using StalledStream stream = new("begun"u8.ToArray());
        using HttpResponseMessage response = new(HttpStatusCode.InternalServerError) { Content = new StreamContent(stream) };

        Task<AssetComputeException> creating = ResponseErrors.CreateAsync(response, NewOperation(), cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => creating);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, "could not be resolved")]
    [InlineData(HttpRequestError.ConnectionError, "no connection could be made")]
    [InlineData(HttpRequestError.SecureConnectionError, "no secure connection")]
    [InlineData(HttpRequestError.ConfigurationLimitExceeded, "headers of the answer were too large")]
    [InlineData(HttpRequestError.InvalidResponse, "was not HTTP")]
    public void Create_network_failure_is_told_in_words(HttpRequestError error, string words)
    {
        HttpRequestException cause = new(error, "raw words");

        AssetComputeException? exception = ResponseErrors.Create(cause, NewOperation());

        Assert.IsType<AssetComputeUnavailableException>(exception);
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
        Assert.Same(cause, exception.InnerException);
        Assert.Equal("sent-id", exception.RequestId);
    }

    [Fact]
    public void Create_exception_that_is_none_of_the_network_is_left_as_it_is()
    {
        Assert.Null(ResponseErrors.Create(new InvalidOperationException(), NewOperation()));
        Assert.Null(ResponseErrors.Create(new ObjectDisposedException("x"), NewOperation()));
    }

    private static HttpResponseMessage Response(int status, string body) =>
        new((HttpStatusCode)status) { Content = new StringContent(body) };

    private async Task<AssetComputeException> CreateAsync(int status, string body)
    {
        using HttpResponseMessage response = Response(status, body);
        return await ResponseErrors.CreateAsync(response, NewOperation(), TestContext.Current.CancellationToken);
    }

    private HttpOperation NewOperation() => new(OperationKind.Process, url: null, "sent-id", _time);

    private sealed class EndlessStream : TestStream
    {
        public new long Read { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill((byte)'x');
            Read += buffer.Length;
            return new ValueTask<int>(buffer.Length);
        }
    }
}
