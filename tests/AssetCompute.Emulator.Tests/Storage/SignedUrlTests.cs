using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Emulator.Tests;

public sealed class SignedUrlTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_url_gives_the_blob_with_its_type_whole_in_part_and_as_head()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var http = new HttpClient();
        await emulator.Storage.PutAsync("folder/ein Bild 100%.txt", "0123456789"u8.ToArray(), "text/plain", Cancellation);
        var url = emulator.Storage.CreateReadUrl("folder/ein Bild 100%.txt");

        using var whole = await http.GetAsync(url, Cancellation);
        using var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, url), Cancellation);
        using var part = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(2, 4) } }, Cancellation);
        using var beyond = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(20, 24) } }, Cancellation);

        Assert.Equal("0123456789", await whole.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("text/plain", whole.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("sandbox", whole.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(10, head.Content.Headers.ContentLength);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal("234", await part.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("bytes 2-4/10", part.Content.Headers.ContentRange!.ToString());
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
    }

    [Fact]
    public async Task Write_url_stores_the_blob_with_its_type()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var http = new HttpClient();

        using var response = await http.PutAsync(
            emulator.Storage.CreateWriteUrl("a/b.txt"), new StringContent("hello", Encoding.UTF8, "text/plain"), Cancellation);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var blob = await emulator.Storage.GetAsync("a/b.txt", Cancellation);
        Assert.Equal("hello", Encoding.UTF8.GetString(blob!.Content.Span));
        Assert.Equal("text/plain; charset=utf-8", blob.ContentType);
        Assert.Equal(["a/b.txt"], emulator.Storage.Names);
        Assert.True(emulator.Storage.Exists("a/b.txt"));
    }

    [Fact]
    public async Task Expired_url_is_refused_in_both_directions()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.TimeProvider = clock, Cancellation);
        await emulator.Storage.PutAsync("x", new byte[1], cancellationToken: Cancellation);
        var read = emulator.Storage.CreateReadUrl("x", TimeSpan.FromMinutes(5));
        var write = emulator.Storage.CreateWriteUrl("x", TimeSpan.FromMinutes(5));
        Assert.Null(await RefusalAsync(HttpMethod.Get, read));

        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Contains("expired at 2026-01-02T03:09:05.000Z", await RefusalAsync(HttpMethod.Get, read), StringComparison.Ordinal);
        Assert.Contains("expired", await RefusalAsync(HttpMethod.Put, write), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tampered_url_is_refused()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        await emulator.Storage.PutAsync("x", new byte[1], cancellationToken: Cancellation);
        await emulator.Storage.PutAsync("y", new byte[1], cancellationToken: Cancellation);
        var url = emulator.Storage.CreateReadUrl("x").AbsoluteUri;
        var later = System.Text.RegularExpressions.Regex.Replace(url, "se=([0-9]+)", match => $"se={match.Groups[1].Value}0");

        foreach (var changed in new[] { url.Replace("/x?", "/y?", StringComparison.Ordinal), later, url[..^3] + "AAA", url.Replace("sp=r", "sp=w", StringComparison.Ordinal) })
        {
            Assert.NotEqual(url, changed);
            Assert.Contains("signature does not match", await RefusalAsync(HttpMethod.Get, new Uri(changed)), StringComparison.Ordinal);
        }

        Assert.Contains("not signed", await RefusalAsync(HttpMethod.Get, new Uri(emulator.Endpoint, "/blobs/x")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Url_of_another_emulator_is_refused()
    {
        await using var one = await AssetComputeEmulator.StartAsync(Cancellation);
        await using var other = await AssetComputeEmulator.StartAsync(Cancellation);
        await other.Storage.PutAsync("x", new byte[1], cancellationToken: Cancellation);

        var foreign = new Uri(other.Endpoint, one.Storage.CreateReadUrl("x").PathAndQuery);

        Assert.Contains("signature does not match", await RefusalAsync(HttpMethod.Get, foreign), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Url_for_the_other_method_is_refused()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        await emulator.Storage.PutAsync("x", new byte[1], cancellationToken: Cancellation);

        Assert.Contains("signed for writing, not for reading", await RefusalAsync(HttpMethod.Get, emulator.Storage.CreateWriteUrl("x")), StringComparison.Ordinal);
        Assert.Contains("signed for reading, not for writing", await RefusalAsync(HttpMethod.Put, emulator.Storage.CreateReadUrl("x")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("a\nb")]
    public async Task Name_that_cannot_stand_in_a_path_is_refused(string name)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);

        Assert.Throws<ArgumentException>(() => emulator.Storage.CreateReadUrl(name));
        await Assert.ThrowsAsync<ArgumentException>(() => emulator.Storage.PutAsync(name, new byte[1], cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Blob_beyond_the_limit_is_refused_and_not_stored()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.MaxBlobBytes = 1000, Cancellation);
        using var http = new HttpClient();

        using var response = await http.PutAsync(emulator.Storage.CreateWriteUrl("x"), new ByteArrayContent(new byte[1001]), Cancellation);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.False(emulator.Storage.Exists("x"));
    }

    private static async Task<string?> RefusalAsync(HttpMethod method, Uri url)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, url);
        if (method == HttpMethod.Put)
        {
            request.Content = new ByteArrayContent([1]);
        }

        using var response = await http.SendAsync(request, Cancellation);
        if (response.IsSuccessStatusCode)
        {
            return null;
        }

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        return (await ServiceClient.JsonAsync(response))["error"]!.GetValue<string>();
    }
}
