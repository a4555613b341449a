using AssetCompute.Client.Diagnostics;

namespace AssetCompute.Client.Tests.Diagnostics;

public class RedactedTextTests
{
    [Theory]
    [InlineData("cannot read https://a.example/x.jpg?X-Amz-Signature=SECRET now", "cannot read https://a.example/x.jpg?… now")]
    [InlineData("""{"url":"https:\/\/a.example\/x?sig=SECRET\u0026se=1","n":1}""", """{"url":"https:\/\/a.example\/x?…","n":1}""")]
    [InlineData("<a href='HTTP://a.example/?sig=SECRET&amp;x'>", "<a href='HTTP://a.example/?…'>")]
    [InlineData("https://user:SECRET@a.example/x", "https://a.example/x")]
    [InlineData("https://a.example/x#SECRET", "https://a.example/x?…")]
    [InlineData("source data:image/png;base64,SECRET== is bad", "source data:image/png;base64,… is bad")]
    [InlineData("Authorization: Bearer SECRET, x", "Authorization: Bearer …, x")]
    [InlineData("token eyJhbGciOi.SECRET.x-_y is expired", "token … is expired")]
    [InlineData("""{"access_token":"SECRET"}""", """{"access_token":…"}""")]
    [InlineData("client_secret=SECRET&x=1", "client_secret=…&x=1")]
    public void Of_secret_is_left_out(string text, string expected)
    {
        Assert.Equal(expected, RedactedText.Of(text, 4096));
    }

    [Theory]
    [InlineData("renditions[0].target is not a valid https url")]
    [InlineData("https://a.example/path is not reachable")]
    [InlineData("Why? Because.")]
    public void Of_harmless_text_stays(string text)
    {
        Assert.Equal(text, RedactedText.Of(text, 4096));
    }

    [Fact]
    public void Of_long_text_is_cut_and_never_in_the_middle_of_a_character()
    {
        Assert.Equal(9, RedactedText.Of("123456789\U0001F600", 10).Length);
        Assert.Equal(4096, RedactedText.Of(new string('x', 100_000), 4096).Length);
    }

    /// <summary>A secret that the length limit cuts off is still hidden.</summary>
    [Theory]
    [InlineData("https://user:SECRETSECRET@a.example/x")]
    [InlineData("https://a.example/x?sig=SECRETSECRET")]
    [InlineData("data:image/png;base64,SECRETSECRET")]
    [InlineData("Bearer SECRETSECRET")]
    [InlineData("eyJSECRETSECRETSECRET")]
    [InlineData("access_token=SECRETSECRET")]
    [InlineData("client_secret: \"SECRETSECRET\"")]
    public void Of_SecretAtTheCut_IsNotShown(string secret)
    {
        for (int maxLength = 1; maxLength <= secret.Length + 6; maxLength++)
        {
            string shown = RedactedText.Of("at " + secret + " x", maxLength);

            Assert.True(shown.Length <= maxLength);
            Assert.DoesNotContain("S", shown, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("proxy of https://user:SECRET", "proxy of https://…")]
    [InlineData("proxy of https://user:SECR:ET", "proxy of https://…")]
    [InlineData("connect to https://a.example:8443", "connect to https://a.example:8443")]
    [InlineData("connect to https://a.example:", "connect to https://a.example:")]
    public void Of_UrlThatWasCutBefore_HasNoUserInfo(string text, string expected) => Assert.Equal(expected, RedactedText.Of(text, 4096));

    [Fact]
    public void Of_text_made_to_be_slow_is_cut()
    {
        // With quadratic time, this would take minutes.
        foreach (string piece in (string[])["https://eyJbearer data:", "https://a:", "bearer ", "access_token ", "eyJ", "data:"])
        {
            Assert.Equal(4096, RedactedText.Of(string.Concat(Enumerable.Repeat(piece, 60_000)) + "\n" + new string('x', 5000), 4096).Length);
        }
    }
}
