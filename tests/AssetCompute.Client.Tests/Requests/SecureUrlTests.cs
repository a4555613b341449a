namespace AssetCompute.Client.Tests.Requests;

public sealed class SecureUrlTests
{
    [Theory]
    [InlineData("https://source.example/a.jpg?sig=a%2Fb%3D&se=2026-11-22T12%3A00%3A00Z#part", true)]
    [InlineData("HTTPS://HOST.EXAMPLE/A", true)]
    [InlineData("https://user@host.example/a", true)]
    [InlineData("https://[::1]/a", true)]
    [InlineData("http://localhost/a", true)]
    [InlineData("http://127.0.0.1:80/a", true)]
    [InlineData("http://host.example/a", false)]
    [InlineData("ftp://host.example/a", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("https://", false)]
    [InlineData("https:///a", false)]
    [InlineData("https://host example/a", false)]
    [InlineData("https://host.example:99999/a", false)]
    [InlineData("/a", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsValid_Text_OnlyHttpsOrLoopback(string? url, bool expected) => Assert.Equal(expected, SecureUrl.IsValid(url));
}
