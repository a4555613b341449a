using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace AssetCompute.Emulator.Tests;

public sealed partial class AemAuthorTests
{
    private const string Photo = "/content/dam/campaign/summer sun.jpg";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Original_is_streamed_with_length_type_and_tag_and_by_ranges()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await SignedInAsync(emulator);
        var content = RandomNumberGenerator.GetBytes(200_000);
        var asset = await emulator.Aem.AddAssetAsync(Photo, content, cancellationToken: Cancellation);

        using var whole = await GetAsync(client, "/content/dam/campaign/summer%20sun.jpg");
        using var middle = await GetAsync(client, "/content/dam/campaign/summer%20sun.jpg", request => request.Headers.Range = new(1000, 1999));
        using var end = await GetAsync(client, "/content/dam/campaign/summer%20sun.jpg", request => request.Headers.Range = new(null, 10));
        using var beyond = await GetAsync(client, "/content/dam/campaign/summer%20sun.jpg", request => request.Headers.Range = new(200_000, null));
        using var known = await GetAsync(client, "/content/dam/campaign/summer%20sun.jpg", request => request.Headers.IfNoneMatch.Add(whole.Headers.ETag!));
        using var head = await client.SendAsync(HttpMethod.Head, "/content/dam/campaign/summer%20sun.jpg");

        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.Equal(200_000, whole.Content.Headers.ContentLength);
        Assert.Equal("image/jpeg", whole.Content.Headers.ContentType!.MediaType);
        Assert.Equal($"\"{asset.Sha1}\"", whole.Headers.ETag!.Tag);
        Assert.Equal(content, await whole.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(HttpStatusCode.PartialContent, middle.StatusCode);
        Assert.Equal(new ContentRangeHeaderValue(1000, 1999, 200_000), middle.Content.Headers.ContentRange);
        Assert.Equal(content[1000..2000], await middle.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(content[^10..], await end.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        Assert.Equal(200_000, head.Content.Headers.ContentLength);
        Assert.Equal(6, emulator.Calls.Count(EmulatorOperation.AemRead));
    }

    [Fact]
    public async Task Range_of_a_version_that_is_gone_brings_the_new_one_whole()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await SignedInAsync(emulator);
        var old = await emulator.Aem.AddAssetAsync(Photo, "old bytes"u8.ToArray(), cancellationToken: Cancellation);
        await emulator.Aem.AddAssetAsync(Photo, "new bytes"u8.ToArray(), cancellationToken: Cancellation);

        using var response = await GetAsync(client, "/content/dam/campaign/summer%20sun.jpg", request =>
        {
            request.Headers.Range = new(4, null);
            request.Headers.IfRange = new(new EntityTagHeaderValue($"\"{old.Sha1}\""));
        });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("new bytes", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Throws<InvalidOperationException>(old.OpenRead);
    }

    [Fact]
    public async Task Generated_asset_of_two_gigabytes_reads_the_same_bytes_by_any_range()
    {
        const long size = 2L << 30;
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await SignedInAsync(emulator);
        var asset = await emulator.Aem.AddGeneratedAssetAsync("/content/dam/film.mp4", size, seed: 7, cancellationToken: Cancellation);
        await using var expected = asset.OpenRead();

        using var head = await client.SendAsync(HttpMethod.Head, "/content/dam/film.mp4");
        foreach (var (from, count) in new[] { (0L, 100), (65_530L, 20), (3L, 5), (size / 2 - 7, 150_000), (size - 33, 33) })
        {
            using var response = await GetAsync(client, "/content/dam/film.mp4", request => request.Headers.Range = new(from, from + count - 1));
            var bytes = new byte[count];
            expected.Position = from;
            await expected.ReadExactlyAsync(bytes, Cancellation);

            Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
            Assert.Equal(bytes, await response.Content.ReadAsByteArrayAsync(Cancellation));
        }

        Assert.Equal(size, head.Content.Headers.ContentLength);
        Assert.Equal(size, asset.Size);
    }

    [Fact]
    public async Task Generated_bytes_follow_from_seed_and_offset_and_have_the_sha1_that_the_metadata_say()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await SignedInAsync(emulator);
        var one = await emulator.Aem.AddGeneratedAssetAsync("/content/dam/1.bin", 300_001, seed: 1, cancellationToken: Cancellation);
        var same = await emulator.Aem.AddGeneratedAssetAsync("/content/dam/2.bin", 300_001, seed: 1, cancellationToken: Cancellation);
        var other = await emulator.Aem.AddGeneratedAssetAsync("/content/dam/3.bin", 300_001, seed: 2, cancellationToken: Cancellation);

        var bytes = await (await GetAsync(client, "/content/dam/1.bin")).Content.ReadAsByteArrayAsync(Cancellation);

        Assert.Equal(one.Sha1, Convert.ToHexStringLower(CryptographicOperations.HashData(HashAlgorithmName.SHA1, bytes)));
        Assert.Equal(one.Sha1, same.Sha1);
        Assert.NotEqual(one.Sha1, other.Sha1);
        Assert.NotEqual(bytes[..65_536], bytes[65_536..131_072]);
        Assert.Equal(300_001, bytes.Length);
    }

    [Theory]
    [InlineData("/content/dam/campaign/summer%20sun.jpg/jcr:content/metadata.json")]
    [InlineData("/content/dam/campaign/summer%20sun.jpg/jcr%3acontent/metadata.json")]
    [InlineData("/content/dam/campaign/summer%20sun.jpg/_jcr_content/metadata.json")]
    public async Task Metadata_are_flat_and_hold_what_was_set_and_what_was_found_out(string path)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await SignedInAsync(emulator);
        var asset = await emulator.Aem.AddAssetAsync(Photo, new byte[12], metadata: new() { ["dc:title"] = "Sun", ["exportDestination"] = "azure" }, cancellationToken: Cancellation);
        emulator.Aem.SetMetadata(Photo, new() { ["exportImmediately"] = "yes", ["dc:title"] = null });

        using var response = await GetAsync(client, path);
        var metadata = await ServiceClient.JsonAsync(response);

        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("azure", metadata["exportDestination"]!.GetValue<string>());
        Assert.Equal("yes", metadata["exportImmediately"]!.GetValue<string>());
        Assert.Equal("summer sun.jpg", metadata["dc:title"]!.GetValue<string>());
        Assert.Equal("image/jpeg", metadata["dc:format"]!.GetValue<string>());
        Assert.Equal(12, metadata["dam:size"]!.GetValue<long>());
        Assert.Equal(asset.Sha1, metadata["dam:sha1"]!.GetValue<string>());
        Assert.Equal(EmulatorOperation.AemMetadata, emulator.Calls.Last().Operation);
    }

    [Fact]
    public async Task Author_without_a_valid_token_answers_401_and_an_unknown_path_404()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await SignedInAsync(emulator);
        await emulator.Aem.AddAssetAsync(Photo, new byte[1], cancellationToken: Cancellation);
        string[] paths = [Photo, Photo + "/jcr:content/metadata.json", "/api/assets.json", "/api/assets/campaign.json", "/content/dam/nothing.jpg"];

        using var nothing = await GetAsync(client, "/content/dam/nothing.jpg");
        using var noMetadata = await GetAsync(client, "/content/dam/nothing.jpg/jcr:content/metadata.json");
        using var noFolder = await GetAsync(client, "/api/assets/nothing.json");
        foreach (var path in paths)
        {
            using var missing = await client.Http.GetAsync(path, Cancellation);
            Assert.Equal(HttpStatusCode.Unauthorized, missing.StatusCode);
            Assert.Equal("Bearer", missing.Headers.WwwAuthenticate.Single().Scheme);
        }

        emulator.RevokeTokens();
        using var revoked = await GetAsync(client, Photo);

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound], new[] { nothing.StatusCode, noMetadata.StatusCode, noFolder.StatusCode });
        Assert.Equal(HttpStatusCode.Unauthorized, revoked.StatusCode);
    }

    [Fact]
    public async Task Author_takes_a_token_of_the_JWT_exchange()
    {
        using var key = RSA.Create(2048);
        await using var emulator = await AssetComputeEmulator.StartAsync(
            options => options.Clients.Add(EmulatorClient.WellKnown with { PublicKeys = [key.ExportSubjectPublicKeyInfoPem()], MetaScopes = ["ent_aem_cloud_api"] }), Cancellation);
        using var client = new ServiceClient(emulator);
        await emulator.Aem.AddAssetAsync(Photo, "original"u8.ToArray(), cancellationToken: Cancellation);
        var jwt = JwtExchangeTests.Jwt(
            TimeProvider.System,
            emulator,
            claims =>
            {
                claims.Remove("https://ims/s/asset_compute_meta");
                claims["https://ims-na1.adobelogin.com/s/ent_aem_cloud_api"] = true;
            },
            key);

        using var exchanged = await JwtExchangeTests.ExchangeAsync(client, "/ims/exchange/jwt/", jwt);
        client.Token = (await ServiceClient.JsonAsync(exchanged))["access_token"]!.GetValue<string>();
        using var original = await GetAsync(client, Photo);

        Assert.Equal("original", await original.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Faults_strike_the_author_as_they_do_the_service()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await SignedInAsync(emulator);
        await emulator.Aem.AddAssetAsync(Photo, new byte[100_000], cancellationToken: Cancellation);
        emulator.Faults.Next(EmulatorOperation.AemRead, EmulatorFault.Answer(503, TimeSpan.FromSeconds(7)));
        emulator.Faults.Next(EmulatorOperation.AemRead, EmulatorFault.Truncate());
        emulator.Faults.Next(EmulatorOperation.AemMetadata, EmulatorFault.Answer(429));

        using var unavailable = await GetAsync(client, Photo);
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(client, Photo));
        using var whole = await GetAsync(client, Photo);
        using var limited = await GetAsync(client, Photo + "/jcr:content/metadata.json");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, unavailable.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), unavailable.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
    }

    [Fact]
    public async Task Restart_keeps_assets_with_their_originals_and_forgets_replaced_ones()
    {
        using var folder = new TempFolder();
        await using (var first = await StartAsync(folder))
        {
            await first.Aem.AddAssetAsync(Photo, "one"u8.ToArray(), cancellationToken: Cancellation);
            await first.Aem.AddAssetAsync(Photo, "two"u8.ToArray(), metadata: new() { ["a"] = "b" }, cancellationToken: Cancellation);
            await first.Aem.AddGeneratedAssetAsync("/content/dam/generated.bin", 10_000, seed: 3, cancellationToken: Cancellation);
            await first.Aem.AddAssetAsync("/content/dam/gone.png", new byte[1], cancellationToken: Cancellation);
            first.Aem.Publish(Photo);
            first.Aem.Delete("/content/dam/gone.png");
        }

        await using var second = await StartAsync(folder);
        using var client = await SignedInAsync(second);
        using var photo = await GetAsync(client, Photo);
        using var generated = await GetAsync(client, "/content/dam/generated.bin");

        Assert.Equal([Photo, "/content/dam/generated.bin"], second.Aem.Assets.Select(asset => asset.Path));
        Assert.Equal("two", await photo.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(10_000, generated.Content.Headers.ContentLength);
        var asset = second.Aem.Find(Photo)!;
        Assert.Equal(2, asset.PublishedVersion);
        Assert.Equal("b", asset.Metadata["a"].GetString());
        Assert.Single(Directory.EnumerateFiles(folder["aem"], "*.blob"));
    }

    internal static async Task<ServiceClient> SignedInAsync(AssetComputeEmulator emulator)
    {
        var client = new ServiceClient(emulator);
        await client.SignInAsync();
        return client;
    }

    /// <summary>Sends only the token: an author requires neither an API key nor an organization.</summary>
    internal static async Task<HttpResponseMessage> GetAsync(ServiceClient client, string path, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", client.Token);
        change?.Invoke(request);
        return await client.Http.SendAsync(request, Cancellation);
    }

    private static Task<AssetComputeEmulator> StartAsync(TempFolder folder) =>
        AssetComputeEmulator.StartAsync(options => options.DataFolder = folder.Path, Cancellation);
}
