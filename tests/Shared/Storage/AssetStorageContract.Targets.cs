namespace AssetCompute.Client.StorageTests;

public abstract partial class AssetStorageContract
{
    [Theory]
    [InlineData("folder/a&b.png")]
    [InlineData("50%.png")]
    [InlineData("[x].png")]
    public async Task CreateTarget_NameThatTheServiceRefuses_IsRefusedBefore(string name) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Storage.CreateTargetAsync(name, cancellationToken: Token));

    [Fact]
    public async Task CreateTarget_ValuesOutOfRange_AreRefused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Storage.CreateTargetAsync("a", new StorageTargetOptions { MaxSize = 0 }, Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Storage.CreateTargetAsync("a", new StorageTargetOptions { MaxSize = long.MaxValue }, Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Storage.CreateTargetAsync("a", new StorageTargetOptions { Lifetime = TimeSpan.Zero }, Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Storage.CreateReadUrlAsync("a", TimeSpan.FromSeconds(-1), Token));
    }

    [Fact]
    public async Task Target_OfOneUrl_TakesWhatTheServiceSends()
    {
        string name = $"{NewName()}/übung + 1=2, 5'(x)!.jpg";
        StorageTarget target = await Storage.CreateTargetAsync(name, new StorageTargetOptions { MaxSize = PartSize }, Token);

        await WriteAsync(target, [1, 2, 3]);
        await target.CompleteAsync(Created(3), Token);
        await target.CompleteAsync(Created(3), Token);
        await target.AbortAsync(Token);

        Assert.Single(target.Target.Urls);
        using StoredAsset stored = await Storage.OpenReadAsync(name, Token);
        Assert.Equal("image/png", stored.ContentType);
        Assert.Equal([1, 2, 3], await ReadAsync(stored.Content));
    }

    [Theory]
    [InlineData((4 * PartSize) - 1, 4)]
    [InlineData((3 * PartSize) + 1, 4)]
    [InlineData(2 * PartSize, 2)]
    [InlineData(1, 1)]
    public async Task Target_OfManyUrls_TakesAsManyPartsAsTheRenditionHas(int size, int parts)
    {
        string name = NewName();
        byte[] rendition = PseudoRandomStream.Bytes(size);
        StorageTarget target = await Storage.CreateTargetAsync(name, new StorageTargetOptions { MaxSize = 4 * PartSize, ContentType = "image/png" }, Token);

        int written = await WriteAsync(target, rendition);
        await target.CompleteAsync(Created(size), Token);
        await target.CompleteAsync(Created(size), Token);

        Assert.Equal(4, target.Target.Urls.Distinct().Count());
        Assert.Equal(parts, written);
        using StoredAsset stored = await Storage.OpenReadAsync(name, Token);
        Assert.Equal("image/png", stored.ContentType);
        Assert.Equal(rendition, await ReadAsync(stored.Content));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(3 * PartSize)]
    public async Task Complete_OtherSizeThanTheEventSays_Fails(int maxSize)
    {
        StorageTarget target = await Storage.CreateTargetAsync(NewName(), new StorageTargetOptions { MaxSize = maxSize }, Token);
        await WriteAsync(target, [1, 2, 3]);

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => target.CompleteAsync(Created(4), Token));

        Assert.Contains("4 bytes", exception.Message, StringComparison.Ordinal);
        Assert.Contains("3 bytes", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(3 * PartSize)]
    public async Task Complete_NothingWasWritten_Fails(int maxSize)
    {
        string name = NewName();
        StorageTarget target = await Storage.CreateTargetAsync(name, new StorageTargetOptions { MaxSize = maxSize }, Token);

        await Assert.ThrowsAsync<AssetStorageException>(() => target.CompleteAsync(Created(3), Token));

        await AssertNotThereAsync(name);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(3 * PartSize)]
    public async Task Complete_RenditionInsideItsEvent_IsStoredFromThere(int maxSize)
    {
        string name = NewName();
        StorageTarget target = await Storage.CreateTargetAsync(name, new StorageTargetOptions { MaxSize = maxSize }, Token);

        await target.CompleteAsync(Created(3) with { Data = new EmbeddedData("data:image/png;base64,AQID") }, Token);

        using StoredAsset stored = await Storage.OpenReadAsync(name, Token);
        Assert.Equal("image/png", stored.ContentType);
        Assert.Equal([1, 2, 3], await ReadAsync(stored.Content));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(3 * PartSize)]
    public async Task Abort_LeavesNothing(int maxSize)
    {
        string name = NewName();
        StorageTarget target = await Storage.CreateTargetAsync(name, new StorageTargetOptions { MaxSize = maxSize }, Token);
        await WriteAsync(target, [1, 2, 3]);

        await target.AbortAsync(Token);
        await target.AbortAsync(Token);

        await Assert.ThrowsAsync<InvalidOperationException>(() => target.CompleteAsync(Created(3), Token));
        await AssertNotThereAsync(name);
    }

    [Fact]
    public async Task Targets_OfOneName_DoNotMix()
    {
        string name = NewName();
        StorageTargetOptions options = new() { MaxSize = 3 * PartSize };
        StorageTarget first = await Storage.CreateTargetAsync(name, options, Token);
        StorageTarget second = await Storage.CreateTargetAsync(name, options, Token);

        await WriteAsync(first, PseudoRandomStream.Bytes(PartSize + 1, seed: 1));
        await WriteAsync(second, [1, 2, 3]);
        await second.CompleteAsync(Created(3), Token);
        await first.AbortAsync(Token);

        Assert.Equal([1, 2, 3], await ReadAsync(name));
    }

    protected static RenditionCreated Created(long size) => new() { Metadata = new RenditionMetadata { Size = size, Format = "image/png" } };

    /// <summary>Uploads like Adobe's worker: parts of the maximum size, in order, with only a length and a content type.</summary>
    protected static async Task<int> WriteAsync(StorageTarget target, byte[] rendition)
    {
        int partSize = (int)Math.Min(target.Target.MaxPartSize!.Value, rendition.Length);
        int parts = (rendition.Length + partSize - 1) / partSize;
        for (int part = 0; part < parts; part++)
        {
            using HttpResponseMessage response = await PutAsync(target.Target.Urls[part], rendition.AsMemory(part * partSize, Math.Min(partSize, rendition.Length - (part * partSize))));
            Assert.True(response.IsSuccessStatusCode, $"PUT was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(Token)}");
        }

        return parts;
    }
}
