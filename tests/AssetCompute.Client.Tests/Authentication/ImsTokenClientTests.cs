using System.Globalization;
using System.Net;
using System.Text;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Diagnostics;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Authentication;

/// <summary>How the client reads responses of the identity service, in any format.</summary>
public sealed partial class ImsTokenClientTests : IDisposable
{
    private const string DayInMilliseconds = "\"86400000\"";
    private static readonly DateTimeOffset s_now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly string _directory = Directory.CreateTempSubdirectory("ims").FullName;
    private readonly FakeTimeProvider _time = new(s_now);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("""{"access_token":"t","expires_in":7200}""")]
    [InlineData("""{"access_token":"t","expires_in":"7200"}""")]
    [InlineData("""{"access_token":"t","expires_in":"7.2e3","other":{"access_token":5}}""")]
    [InlineData("\uFEFF{\"access_token\":\"t\",\"expires_in\":7200}")]
    public async Task Request_TokenAndLifetime_AreReadInWhateverShape(string body)
    {
        AccessToken token = await RequestAsync(200, body);

        Assert.Equal("t", token.Value);
        Assert.Equal(s_now.AddHours(2), token.ExpiresOn);
    }

    [Theory]
    [InlineData("""{"access_token":"t"}""")]
    [InlineData("""{"access_token":"t","expires_in":null}""")]
    [InlineData("""{"access_token":"t","expires_in":"soon"}""")]
    [InlineData("""{"access_token":"t","expires_in":"NaN"}""")]
    [InlineData("""{"access_token":"t","expires_in":"1,5"}""")]
    [InlineData("""{"access_token":"t","expires_in":true}""")]
    [InlineData("""{"access_token":"t","expires_in":"-1"}""")]
    [InlineData("""{"access_token":"t","expires_in":1e999}""")]
    public async Task Request_TokenThatDoesNotSayHowLongItIsValid_Fails(string body)
    {
        AssetComputeAuthenticationException refused = await FailAsync(200, body);

        Assert.Contains("200 without the lifetime of its token", refused.Message, StringComparison.Ordinal);
        Assert.True(refused.IsTransient);
    }

    [Theory]
    [InlineData("""{"access_token":""}""")]
    [InlineData("""{"access_token":17}""")]
    [InlineData("""{"access_token":"\ud83d"}""")]
    [InlineData("""["access_token"]""")]
    [InlineData("<html>")]
    [InlineData("")]
    public async Task Request_GoodAnswerWithoutAToken_Fails(string body)
    {
        AssetComputeAuthenticationException refused = await FailAsync(200, body);

        Assert.StartsWith("The identity service answered 200 without an access token: check ImsEndpoint, and the proxies on the way (OAuth", refused.Message, StringComparison.Ordinal);
        Assert.True(refused.IsTransient);
    }

    [Fact]
    public async Task Request_TokenThatCannotStandInAHeader_Fails() =>
        Assert.Contains("not allowed in an HTTP header", (await FailAsync(200, """{"access_token":"a\nb","expires_in":7200}""")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(400, false)]
    [InlineData(407, false)]
    [InlineData(408, true)]
    [InlineData(409, false)]
    [InlineData(429, true)]
    [InlineData(499, false)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    public async Task Request_Refused_IsTransientOnlyWhereItMaySucceedLater(int status, bool expected)
    {
        AssetComputeAuthenticationException refused = await FailAsync(status, "{}");

        Assert.Equal(expected, refused.IsTransient);
        Assert.Equal((HttpStatusCode)status, refused.StatusCode);
    }

    [Theory]
    [InlineData("{}", ": 400.")]
    [InlineData("""{"error":"bad"}""", ": 400 bad.")]
    [InlineData("""{"error_description":"no such client"}""", ": 400: no such client.")]
    [InlineData("""{"error":"bad","error_description":"no such client"}""", ": 400 bad: no such client.")]
    public async Task Request_Refused_SaysStatusAndError(string body, string expected) =>
        Assert.EndsWith(expected, (await FailAsync(400, body)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Request_RefusedWithTextsThatRepeatTheSecret_ShowsThemWithoutIt()
    {
        AssetComputeAuthenticationException refused = await FailAsync(
            400, """{"error":"bad s3cret/ +x","error_description":"bad s3cret%2F%20%2Bx and s3cret%2F+%2Bx\nline"}""", secret: "s3cret/ +x");

        Assert.Equal("bad ***", refused.ErrorCode);
        Assert.Equal("bad *** and *** line", refused.ErrorDescription);
    }

    [Fact]
    public async Task Request_Refused_TakesDebugIdAndRetryAfter()
    {
        AssetComputeAuthenticationException refused = await FailAsync(503, "{}", headers: [("X-Debug-Id", "the-debug-id"), ("Retry-After", "120")]);

        Assert.Equal("the-debug-id", refused.DebugId);
        Assert.Contains("503 (debug id the-debug-id)", refused.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromMinutes(2), refused.RetryAfter);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/", true)]
    [InlineData("http://localhost:1/", true)]
    [InlineData("https://ims.example/", false)]
    public async Task Request_NoConnection_AsksForTheEmulatorOnlyOnALoopbackAddress(string endpoint, bool expected)
    {
        using FakeIms ims = new(_time, TimeSpan.FromDays(1)) { Answer = static _ => throw new HttpRequestException("Connection refused") };
        await using Account account = new(ims, options => Configure(options, endpoint), time: _time);

        var refused = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => account.GetTokenAsync().AsTask());

        Assert.StartsWith("The identity service could not be reached", refused.Message, StringComparison.Ordinal);
        Assert.Equal(expected, refused.Message.EndsWith(" Is the emulator running?", StringComparison.Ordinal));
        Assert.True(refused.IsTransient);
    }

    [Fact]
    public async Task Request_NoAnswerInTime_SaysSo()
    {
        using FakeIms ims = new(_time, TimeSpan.FromDays(1)) { Answer = static _ => throw new TimeoutException() };
        await using Account account = new(ims, options => Configure(options, "http://127.0.0.1:1/"), time: _time);

        var refused = await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => account.GetTokenAsync().AsTask());

        Assert.StartsWith("The identity service did not answer in time", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("emulator", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("12345678", "12345678")]
    [InlineData("123456789", "12345678")]
    [InlineData("a\tb\r\nc", "a b  c")]
    [InlineData("ab-long", "***")]
    [InlineData("ab", "***")]
    public void Redaction_OfAText_IsBoundedOnOneLineAndWithoutSecrets(string? text, string? expected) =>
        Assert.Equal(expected, RedactedText.Of(text, 8, ["ab", "", "ab-long"]));

    [Theory]
    [InlineData("!~azAZ09", true)]
    [InlineData("", true)]
    [InlineData("a b", false)]
    [InlineData("a\u007f", false)]
    [InlineData("a\u001f", false)]
    [InlineData("é", false)]
    public void HeaderText_IsVisibleAsciiOnly(string text, bool expected) => Assert.Equal(expected, HeaderText.IsVisibleAscii(text));

    [Fact]
    public void AccessToken_ThatCannotStandInAHeader_IsRefused()
    {
        Assert.Throws<ArgumentNullException>("value", () => new AccessToken(null!, s_now));
        Assert.Throws<ArgumentException>("value", () => new AccessToken("", s_now));
        Assert.Throws<ArgumentException>("value", () => new AccessToken("a\nb", s_now));
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"AccessToken {{ ExpiresOn = {s_now:O} }}"), new AccessToken("token", s_now).ToString());
    }

    private static void Configure(AssetComputeOptions options, string endpoint)
    {
        Account.Configured(options);
        options.ImsEndpoint = new Uri(endpoint);
    }

    private static string Token(string expiresIn, DateTimeOffset? createdAt = null)
    {
        string created = (createdAt ?? s_now).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        string payload = $$"""{"client_id":"client-a","created_at":"{{created}}","expires_in":{{expiresIn}}}""";
        return "e30." + Convert.ToBase64String(Encoding.UTF8.GetBytes(payload)).TrimEnd('=').Replace('+', '-').Replace('/', '_') + ".c2ln";
    }

    private async Task<AssetComputeAuthenticationException> FailAsync(int status, string body, string secret = "secret-number-one", params (string Name, string Value)[] headers) =>
        await Assert.ThrowsAsync<AssetComputeAuthenticationException>(() => RequestAsync(status, body, secret, headers));

    private async Task<AccessToken> RequestAsync(int status, string body, string secret = "secret-number-one", params (string Name, string Value)[] headers)
    {
        using FakeIms ims = new(_time, TimeSpan.FromDays(1)) { Answer = _ => Answer() };
        await using Account account = new(
            ims,
            options =>
            {
                Account.Configured(options);
                options.ClientSecrets[0] = secret;
            },
            time: _time);
        return await account.GetTokenAsync();

        HttpResponseMessage Answer()
        {
            HttpResponseMessage response = FakeIms.Json((HttpStatusCode)status, body);
            foreach ((string name, string value) in headers)
            {
                response.Headers.Add(name, value);
            }

            return response;
        }
    }
}
