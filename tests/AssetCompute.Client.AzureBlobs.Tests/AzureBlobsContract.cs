using System.Text;
using System.Web;
using AssetCompute.Client.StorageTests;
using Azure.Storage.Blobs;

namespace AssetCompute.Client.AzureBlobs.Tests;

/// <summary>The contract of the storage on Azure, independent of how its client signs URLs.</summary>
public abstract class AzureBlobsContract : AssetStorageContract, IDisposable
{
    private readonly AzureBlobsStorage _storage;

    protected AzureBlobsContract(Func<AzureBlobsStorageOptions, AzureBlobsStorage> open) =>
        _storage = open(new AzureBlobsStorageOptions { Prefix = "pre fix/", PartSize = PartSize, UploadPartSize = PartSize });

    protected override IAssetStorage Storage => _storage;

    /// <summary>The same container, as an application accesses it without the storage.</summary>
    protected abstract BlobContainerClient Container { get; }

    public void Dispose()
    {
        _storage.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(1000, 1)]
    [InlineData(3 * PartSize, 3)]
    public async Task Target_IsMadeOfBlocksWithIdsAsLongAsTheSdks(long maxSize, int urls)
    {
        StorageTarget target = await Storage.CreateTargetAsync(NewName(), new StorageTargetOptions { MaxSize = maxSize }, Token);

        Assert.Equal(urls, target.Target.Urls.Count);
        string[] ids = [.. target.Target.Urls.Select(url => HttpUtility.ParseQueryString(new Uri(url).Query)).Select(query =>
        {
            Assert.Equal("block", query["comp"]);
            return Encoding.ASCII.GetString(Convert.FromBase64String(query["blockid"]!));
        })];
        Assert.All(ids, static id => Assert.Equal(48, id.Length));
        Assert.Equal(Enumerable.Range(0, urls).Select(static part => $"{part:D6}"), ids.Select(static id => id[..6]));
    }

    [Fact]
    public async Task Complete_OneOfTheFirstPartsMissing_Fails()
    {
        string name = NewName();
        StorageTarget target = await Storage.CreateTargetAsync(name, new StorageTargetOptions { MaxSize = 3 * PartSize }, Token);
        using HttpResponseMessage first = await PutAsync(target.Target.Urls[0], new byte[] { 1 });
        using HttpResponseMessage third = await PutAsync(target.Target.Urls[2], new byte[] { 1 });

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => target.CompleteAsync(new RenditionCreated(), Token));

        Assert.Contains("gaps", exception.Message, StringComparison.Ordinal);
        await AssertNotThereAsync(name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData((2 * PartSize) + 1)]
    public async Task Upload_OverAnUnfinishedTarget_Succeeds(int size)
    {
        string name = NewName();
        StorageTarget unfinished = await Storage.CreateTargetAsync(name, new StorageTargetOptions { MaxSize = 2 * PartSize }, Token);
        await WriteAsync(unfinished, [9, 9, 9]);

        using PseudoRandomStream content = new(size);
        await Storage.UploadAsync(name, content, cancellationToken: Token);

        Assert.Equal(PseudoRandomStream.Bytes(size), await ReadAsync(name));
    }

    [Fact]
    public async Task Upload_BySdkOverAnUnfinishedTarget_Succeeds()
    {
        string name = NewName();
        StorageTarget unfinished = await Storage.CreateTargetAsync(name, new StorageTargetOptions { MaxSize = 2 * PartSize }, Token);
        await WriteAsync(unfinished, [9, 9, 9]);
        byte[] content = PseudoRandomStream.Bytes((2 * PartSize) + 1);

        await Container.GetBlobClient($"pre fix/{name}").UploadAsync(
            new MemoryStream(content), new Azure.Storage.Blobs.Models.BlobUploadOptions { TransferOptions = new() { InitialTransferSize = PartSize, MaximumTransferSize = PartSize } }, Token);

        Assert.Equal(content, await ReadAsync(name));
    }

    [Fact]
    public async Task Complete_LateBlocksOfAnOlderTarget_StayOut()
    {
        string name = NewName();
        StorageTargetOptions options = new() { MaxSize = 3 * PartSize };
        StorageTarget older = await Storage.CreateTargetAsync(name, options, Token);
        StorageTarget newer = await Storage.CreateTargetAsync(name, options, Token);

        await WriteAsync(newer, [1, 2, 3]);
        await WriteAsync(older, PseudoRandomStream.Bytes(PartSize + 1));
        await newer.CompleteAsync(Created(3), Token);

        Assert.Equal([1, 2, 3], await ReadAsync(name));
    }

    [Fact]
    public async Task Uploads_OfOneNameAtTheSameTime_DoNotMix()
    {
        string name = NewName();
        int length = (3 * PartSize) + 1;

        await Task.WhenAll(Enumerable.Range(1, 4).Select(async seed =>
        {
            using PseudoRandomStream content = new(length, seed);
            try
            {
                await Storage.UploadAsync(name, content, cancellationToken: Token);
            }
            catch (AssetStorageException exception)
            {
                // Another upload was committed first, which discards the blocks of this one.
                Assert.Contains("InvalidBlockList", exception.Message, StringComparison.Ordinal);
            }
        }));

        byte[] stored = await ReadAsync(name);
        Assert.Contains(Enumerable.Range(1, 4), seed => stored.AsSpan().SequenceEqual(PseudoRandomStream.Bytes(length, seed)));
    }
}
