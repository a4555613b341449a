namespace AssetCompute.Client.Tests.Requests;

/// <summary>URLs that are created from a <see cref="Uri"/> are escaped, and spaces are removed from media types.</summary>
public sealed class UrlAndMediaTypeTests
{
    [Theory]
    [InlineData("https://a.example/b%2fc/./d?sig=a%2Bb%3D&x='()!*", "https://a.example/b%2fc/./d?sig=a%2Bb%3D&x='()!*")]
    [InlineData("https://a.example/ü b|c?q=\U0001F600#%zz", "https://a.example/%C3%BC%20b%7Cc?q=%F0%9F%98%80#%25zz")]
    [InlineData("https://a.example/%?a=%4#x#y", "https://a.example/%25?a=%254#x%23y")]
    [InlineData("https://a.example/[x]{y}\\^`\"<>", "https://a.example/%5Bx%5D%7By%7D%5C%5E%60%22%3C%3E")]
    [InlineData("https://[::1]:9000/ü", "https://[::1]:9000/%C3%BC")]
    [InlineData("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC")]
    [InlineData("https://bücher.example:8443/ü?a=ü", "https://xn--bcher-kva.example:8443/%C3%BC?a=%C3%BC")]
    [InlineData("https://user:p@a.example/ü", "https://user:p@a.example/%C3%BC")]
    public void FromUri_Url_IsEscapedOnlyWhereItMustBe(string url, string expected)
    {
        Uri uri = new(url);

        Assert.Equal(expected, ((AssetSource)uri).Url);
        Assert.Equal(expected, ((AssetSource)uri).Url);
        Assert.Equal(expected, ((RenditionTarget)uri).Url);
        Assert.Equal(expected, ((ArchiveFile)uri).Url);
        ProcessRequestValidator.Validate(new ProcessRequest { Source = uri, Renditions = [new() { Format = RenditionFormat.Png, Target = uri }] });
    }

    [Theory]
    [InlineData("image/png", "image/png")]
    [InlineData("text/plain; charset=utf-8", "text/plain;charset=utf-8")]
    [InlineData("text/plain ;charset=\"utf-8\" ; format=flowed", "text/plain;charset=utf-8;format=flowed")]
    [InlineData(" image/svg+xml ", "image/svg+xml")]
    public void FromBytes_MediaType_HasNoSpaces(string mimeType, string expected) =>
        Assert.Equal($"data:{expected};base64,AQI=", AssetSource.FromBytes([1, 2], mimeType).Url);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("bogus")]
    [InlineData("image/")]
    [InlineData("/png")]
    [InlineData("image/png;")]
    [InlineData("image/p ng")]
    [InlineData("image/png, image/gif")]
    [InlineData("text/plain; charset=\"a b\"")]
    [InlineData("text/plain;base64")]
    [InlineData("bild/ü")]
    [InlineData("image/png\r\n")]
    public void FromBytes_NoMediaType_IsRefused(string mimeType)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => AssetSource.FromBytes([1], mimeType));

        Assert.Equal("mimeType", exception.ParamName);
    }
}
