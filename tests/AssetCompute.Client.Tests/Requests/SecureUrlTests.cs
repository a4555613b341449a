namespace AssetCompute.Client.Tests.Requests;

/// <summary>A plain URL is judged without <see cref="Uri"/>: it must be judged alike.</summary>
public sealed class SecureUrlTests
{
    public static TheoryData<string> Urls =>
    [
        "",
        "https://",
        "https:///a",
        "https://host",
        "https://host/",
        "https://source.example/a.jpg?sig=a%2Fb%3D&se=2026-11-22T12%3A00%3A00Z#part",
        "https://a-b.example/a",
        "https://a.b-.example/a",
        "https://-a.example/a",
        "https://a..example/a",
        "https://.example/a",
        "https://a.example./a",
        "https://a_b.example/a",
        "https://a--b.example/a",
        "https://xn--bcher-kva.example/a",
        "https://bücher.example/a",
        "https://10.0.0.1/a",
        "https://a.1/a",
        "https://a.1b/a",
        "https://1a.example/a",
        "https://999.999.999.999/a",
        "https://[::1]/a",
        "https://user@host.example/a",
        "https://host.example:443/a",
        "https://host.example:99999/a",
        "https://host.example?a",
        "https://host example/a",
        "https://host.example/a b",
        "https://host.example/\\b",
        "https://host.example/a\n",
        "https://host.example/%zz?[x]{y}|^`\"<>",
        "HTTPS://HOST.EXAMPLE/A",
        " https://host.example/a",
        "http://host.example/a",
        "http://localhost/a",
        "http://127.0.0.1:80/a",
        "ftp://host.example/a",
        "/a",
        "https://" + new string('a', 63) + "/a",
        "https://" + new string('a', 64) + "/a",
        "https://host.example/" + new string('a', 5000),
    ];

    [Theory]
    [MemberData(nameof(Urls))]
    public void IsValid_Text_SameAsOfItsUri(string url)
    {
        bool expected = Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && SecureUrl.IsValid(uri);

        Assert.Equal(expected, SecureUrl.IsValid(url));
    }

    [Fact]
    public void IsValid_AnyMixOfSigns_NeverMoreThanItsUri()
    {
        const string signs = "aZ0-._~/?&=%+,:@!$'()*;#[]\\ \"<>{}|^`\t\u00E9";
        Random random = new(17);
        for (int round = 0; round < 200_000; round++)
        {
            char[] text = new char[random.Next(1, 14)];
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = signs[random.Next(signs.Length)];
            }

            string url = "https://" + new string(text);
            bool expected = Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) && SecureUrl.IsValid(uri);

            Assert.True(expected == SecureUrl.IsValid(url), url);
        }
    }
}
