using System.Globalization;
using System.Net;
using System.Text.Json;
using AssetCompute.Client.Authentication;

namespace AssetCompute.Client.Tests.Authentication;

/// <summary>What is understood of an answer of the identity service, and of the texts in it.</summary>
public class ImsAnswerTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"access_token":"t","expires_in":86399}""", "t", 86399.0)]
    [InlineData("""{"access_token":"t","expires_in":"86399"}""", "t", 86399.0)]
    [InlineData("""{"access_token":"t"}""", "t", null)]
    [InlineData("""{"access_token":"t","expires_in":null}""", "t", null)]
    [InlineData("""{"access_token":"t","expires_in":"soon"}""", "t", null)]
    [InlineData("""{"access_token":"t","expires_in":"NaN"}""", "t", null)]
    [InlineData("""{"access_token":"t","expires_in":1e999}""", "t", null)]
    [InlineData("""{"access_token":""}""", null, null)]
    [InlineData("""{"access_token":17}""", null, null)]
    [InlineData("""["access_token"]""", null, null)]
    [InlineData("<html>", null, null)]
    [InlineData("", null, null)]
    public async Task Read_TokenAndLifetime_InWhateverShape(string body, string? token, double? expiresIn)
    {
        ImsAnswer answer = await ReadAsync(200, body);

        Assert.Equal(token, answer.AccessToken);
        Assert.Equal(expiresIn, answer.ExpiresIn);
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(400, false)]
    [InlineData(407, false)]
    [InlineData(408, true)]
    [InlineData(409, false)]
    [InlineData(429, true)]
    [InlineData(499, false)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    public async Task IsTransient_OnlyWhereTheSameRequestMaySucceedLater(int status, bool expected) =>
        Assert.Equal(expected, (await ReadAsync(status, "{}")).IsTransient);

    [Theory]
    [InlineData("{}", "400")]
    [InlineData("""{"error":"invalid_client"}""", "400 invalid_client")]
    [InlineData("""{"error_description":"no such client"}""", "400: no such client")]
    [InlineData("""{"error":"invalid_client","error_description":"no such client"}""", "400 invalid_client: no such client")]
    public async Task ToString_SaysStatusAndError(string body, string expected) => Assert.Equal(expected, (await ReadAsync(400, body)).ToString());

    [Fact]
    public async Task Read_TextsThatRepeatWhatWasSent_AreShownWithoutItAndKeptForComparison()
    {
        ImsAnswer answer = await ReadAsync(400, """{"error":"bad s3cret/ +x","error_description":"bad s3cret%2F%20%2Bx and s3cret%2F+%2Bx\nline"}""", "s3cret/ +x");

        Assert.Equal("bad s3cret/ +x", answer.Error);
        Assert.Equal("bad ***", answer.ShownError);
        Assert.Equal("bad *** and *** line", answer.ShownDescription);
    }

    [Theory]
    [InlineData("120", 120.0)]
    [InlineData("Thu, 01 Jan 2026 00:01:00 GMT", 60.0)]
    [InlineData("Wed, 31 Dec 2025 23:59:00 GMT", 0.0)]
    [InlineData("later", null)]
    [InlineData(null, null)]
    public async Task Read_RetryAfter_InSecondsOrAsADate(string? value, double? expected)
    {
        using HttpResponseMessage response = new(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("") };
        if (value is not null)
        {
            response.Headers.TryAddWithoutValidation("Retry-After", value);
        }

        ImsAnswer answer = await ImsAnswer.ReadAsync(response, [], s_now, TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task Read_DebugId_IsTaken()
    {
        using HttpResponseMessage response = new(HttpStatusCode.BadRequest) { Content = new StringContent("{}") };
        response.Headers.Add("X-Debug-Id", "the-debug-id");

        Assert.Equal("the-debug-id", (await ImsAnswer.ReadAsync(response, [], s_now, TestContext.Current.CancellationToken)).DebugId);
        Assert.Null((await ReadAsync(400, "{}")).DebugId);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("12345678", "12345678")]
    [InlineData("123456789", "12345678…")]
    [InlineData("a\tb\r\nc", "a b  c")]
    [InlineData("ab-long", "***")]
    [InlineData("ab", "***")]
    public void Redaction_OfAText_IsBoundedOnOneLineAndWithoutSecrets(string? text, string? expected) =>
        Assert.Equal(expected, new Redaction(["ab", "", "ab-long"]).Of(text, 8));

    [Theory]
    [InlineData("17", 17.0)]
    [InlineData("\"17.5\"", 17.5)]
    [InlineData("\"-1e3\"", -1000.0)]
    [InlineData("\"1,5\"", null)]
    [InlineData("\"Infinity\"", null)]
    [InlineData("true", null)]
    [InlineData("{}", null)]
    public void WireNumber_IsANumberOrAStringOfOne(string json, double? expected)
    {
        using JsonDocument document = JsonDocument.Parse($$"""{"n":{{json}}}""");

        Assert.Equal(expected, WireNumber.Read(document.RootElement, "n"));
        Assert.Null(WireNumber.Read(document.RootElement, "m"));
    }

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

    private static async Task<ImsAnswer> ReadAsync(int status, string body, params string[] secrets)
    {
        using HttpResponseMessage response = new((HttpStatusCode)status) { Content = new StringContent(body) };
        return await ImsAnswer.ReadAsync(response, secrets, s_now, TestContext.Current.CancellationToken);
    }
}
