using AssetCompute.Client.StorageTests;

namespace AssetCompute.Client.AmazonS3.Tests;

public sealed class KilledUploadTests(S3ServerFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upload_KilledBetweenItsParts_LeavesNoObjectAndCanBeRepeated()
    {
        const string Name = "killed/upload";
        const int Length = (20 << 20) + 7;
        AmazonS3Storage storage = new(fixture.Client, S3ServerFixture.Bucket);

        await KilledUpload.RunAsync("s3", fixture.Server.Endpoint, fixture.Server, Name);

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
