using AssetCompute.Client.StorageTests;

namespace AssetCompute.Client.AzureBlobs.Tests;

public sealed class KilledUploadTests(AzuriteFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upload_KilledBetweenItsParts_LeavesNoObjectAndCanBeRepeated()
    {
        const string Name = "killed/upload";
        const int Length = (20 << 20) + 7;
        Uri url = fixture.ContainerUrl(DateTimeOffset.UtcNow.AddDays(1));
        using AzureBlobsStorage storage = new(new Azure.Storage.Blobs.BlobContainerClient(url));

        await KilledUpload.RunAsync("azure", url, fixture.Server, Name);

        AssetStorageException missing = await Assert.ThrowsAsync<AssetStorageException>(() => storage.OpenReadAsync(Name, Token));
        Assert.True(missing.IsNotFound, missing.Message);
        using PseudoRandomStream content = new(Length);
        await storage.UploadAsync(Name, content, cancellationToken: Token);
        using StoredAsset stored = await storage.OpenReadAsync(Name, Token);
        using MemoryStream copy = new();
        await stored.Content.CopyToAsync(copy, Token);
        Assert.Equal(PseudoRandomStream.Bytes(Length), copy.ToArray());
    }
}
