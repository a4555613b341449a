using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace AssetCompute.Client.StorageTests;

/// <summary>The contract of every storage, independent of the provider.</summary>
public abstract partial class AssetStorageContract
{
    /// <summary>The part size of the targets. Small parts make the tests short, but Amazon S3 takes none below 5 MiB.</summary>
#if AMAZON_S3
    protected const int PartSize = 5 << 20;
#else
    protected const int PartSize = 1 << 20;
#endif

    // Test servers can have self-signed certificates.
    private static readonly HttpClient s_http = new(new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=localhost" } });

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract IAssetStorage Storage { get; }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(PartSize)]
    [InlineData(PartSize + (PartSize / 2))]
    [InlineData((4 * PartSize) + 7)]
    public async Task Upload_StreamThatKnowsNoLength_IsReadBackByteForByte(int length)
    {
        string name = NewName();
        using PseudoRandomStream content = new(length);

        await Storage.UploadAsync(name, content, "image/x-test", Token);

        using StoredAsset stored = await Storage.OpenReadAsync(name, Token);
        Assert.Equal(length, stored.Length);
        Assert.Equal("image/x-test", stored.ContentType);
        Assert.Equal(PseudoRandomStream.Bytes(length), await ReadAsync(stored.Content));
    }

    [Fact]
    public async Task Upload_StreamThatStandsInItsMiddle_StoresTheRestAndLeavesItOpen()
    {
        string name = NewName();
        using MemoryStream content = new([1, 2, 3, 4]) { Position = 2 };

        await Storage.UploadAsync(name, content, cancellationToken: Token);

        Assert.True(content.CanRead);
        Assert.Equal([3, 4], await ReadAsync(name));
    }

    [Fact]
    public async Task Upload_OverAnObject_ReplacesIt()
    {
        string name = NewName();
        await StoreAsync(name, [1]);

        await StoreAsync(name, [2, 3]);

        Assert.Equal([2, 3], await ReadAsync(name));
    }

    [Fact]
    public async Task Upload_SourceThatBreaks_LeavesWhatWasThereBefore()
    {
        string name = NewName();
        await StoreAsync(name, [1]);
        using PseudoRandomStream broken = new(6 * PartSize, failAt: (3 * PartSize) + (PartSize / 2));

        await Assert.ThrowsAnyAsync<IOException>(() => Storage.UploadAsync(name, broken, cancellationToken: Token));

        Assert.Equal([1], await ReadAsync(name));
    }

    [Fact]
    public async Task Upload_Cancelled_StoresNothing()
    {
        string name = NewName();
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        using PseudoRandomStream content = new(1000);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Storage.UploadAsync(name, content, cancellationToken: cancelled.Token));

        await AssertNotThereAsync(name);
    }

    [Fact]
    public async Task OpenRead_NoSuchObject_SaysSo() => await AssertNotThereAsync(NewName());

    [Fact]
    public async Task Delete_Object_IsGoneAndMayBeDeletedAgain()
    {
        string name = NewName();
        await StoreAsync(name, [1]);

        await Storage.DeleteAsync(name, Token);
        await Storage.DeleteAsync(name, Token);

        await AssertNotThereAsync(name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a/../b")]
    [InlineData("a\nb")]
    public async Task Names_ThatAreNone_AreRefused(string name)
    {
        using MemoryStream content = new();

        await Assert.ThrowsAsync<ArgumentException>(() => Storage.UploadAsync(name, content, cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Storage.OpenReadAsync(name, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Storage.DeleteAsync(name, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Storage.CreateReadUrlAsync(name, cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Storage.CreateTargetAsync(name, cancellationToken: Token));
    }

    [Fact]
    public async Task Names_AreCountedInBytes()
    {
        // The name has several segments, because servers can store objects in files.
        string longest = $"{Guid.NewGuid():N}{string.Concat(Enumerable.Repeat($"/{new string('ü', 123)}", 3))}/{new string('ü', 63)}";
        Assert.Equal(900, Encoding.UTF8.GetByteCount(longest));

        await StoreAsync(longest, [1, 2]);

        Assert.Equal([1, 2], await ReadAsync(longest));
        await Assert.ThrowsAsync<ArgumentException>(() => Storage.OpenReadAsync(longest + "a", Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Storage.OpenReadAsync(string.Join('/', Enumerable.Repeat("a", 251)), Token));
    }

    [Theory]
    [MemberData(nameof(OddNames))]
    public async Task Names_ThatAreOdd_GoFromFileToFileThroughTheStorage(string name)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("asset-compute-names-");
        try
        {
            string source = Path.Combine(folder.FullName, "sources", name);
            string copy = Path.Combine(folder.FullName, "copies", name);
            Directory.CreateDirectory(Path.GetDirectoryName(source)!);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            await File.WriteAllTextAsync(source, name, Token);
            string stored = $"{NewName()}/{name}";

            await using (FileStream content = File.OpenRead(source))
            {
                await Storage.UploadAsync(stored, content, cancellationToken: Token);
            }

            await File.WriteAllBytesAsync(copy, await ReadAsync(stored), Token);
            Uri url = await Storage.CreateReadUrlAsync(stored, TimeSpan.FromMinutes(5), Token);
            Assert.Equal(name, await File.ReadAllTextAsync(copy, Token));
            Assert.Equal(name, await s_http.GetStringAsync(url, Token));
            await Storage.DeleteAsync(stored, Token);
            await AssertNotThereAsync(stored);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task ReadUrl_IsReadAsTheServiceReads()
    {
        string name = $"{NewName()}/a folder/übung + 1=2, 5'(x)!.jpg";
        await StoreAsync(name, [1, 2, 3, 4]);

        Uri url = await Storage.CreateReadUrlAsync(name, TimeSpan.FromMinutes(5), Token);

        using HttpRequestMessage range = new(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(1, 2) } };
        using HttpResponseMessage part = await s_http.SendAsync(range, Token);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal([2, 3], await part.Content.ReadAsByteArrayAsync(Token));
        Assert.Equal([1, 2, 3, 4], await s_http.GetByteArrayAsync(url, Token));
    }

    public static TheoryData<string> OddNames { get; } =
    [
        "photo (1).jpg", "a#b.jpg", "a&b.jpg", "100%20.jpg", "50%.jpg", "a+b=c,d;e.jpg", "\u00fcbung.jpg", "u\u0308bung.jpg", "\U0001f4f7.jpg", "Screenshot 9.41.00\u202fAM.png", "back\\slash.jpg",
        $"{new string('\u00fc', 100)}", $"{new string('a', 100)}/{new string('b', 100)}/{new string('c', 98)}", "a?b.jpg", "[x]{y}.jpg", "it's \"quoted\".jpg", "a:b|c*d.jpg", "\u65e5\u672c\u8a9e.jpg",
        " leading and trailing .jpg ", ".hidden", "a..b.jpg", "~tilde$^`@!.jpg",
    ];

    protected static string NewName() => $"contract/{Guid.NewGuid():N}";

    protected static async Task<HttpResponseMessage> PutAsync(string url, ReadOnlyMemory<byte> content)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, url) { Content = new ReadOnlyMemoryContent(content) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return await s_http.SendAsync(request, Token);
    }

    protected Task StoreAsync(string name, byte[] bytes) => Storage.UploadAsync(name, new MemoryStream(bytes), cancellationToken: Token);

    protected async Task<byte[]> ReadAsync(string name)
    {
        using StoredAsset stored = await Storage.OpenReadAsync(name, Token);
        return await ReadAsync(stored.Content);
    }

    protected async Task AssertNotThereAsync(string name)
    {
        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => Storage.OpenReadAsync(name, Token));
        Assert.True(exception.IsNotFound, exception.Message);
        Assert.False(exception.IsTransient);
    }

    private static async Task<byte[]> ReadAsync(Stream stream)
    {
        using MemoryStream bytes = new();
        await stream.CopyToAsync(bytes, Token);
        return bytes.ToArray();
    }
}
