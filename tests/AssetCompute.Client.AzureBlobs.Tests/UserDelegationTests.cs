using System.Net;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace AssetCompute.Client.AzureBlobs.Tests;

/// <summary>Runs the contract with a client that uses a <see cref="TokenCredential"/>, such as a managed identity, and no account key.</summary>
public sealed class UserDelegationTests(AzuriteFixture fixture) : AzureBlobsContract(options => new AzureBlobsStorage(fixture.SecureClient(new EntraCredential()), options))
{
    protected override BlobContainerClient Container { get; } = fixture.SecureClient(new EntraCredential());

    [Fact]
    public async Task Urls_AreSignedWithADelegationKeyForOneBlobAndOnePermission()
    {
        string name = NewName();
        await StoreAsync(name, [1, 2]);
        Uri read = await Storage.CreateReadUrlAsync(name, TimeSpan.FromHours(1), Token);
        StorageTarget target = await Storage.CreateTargetAsync(name, cancellationToken: Token);

        Assert.Contains("skoid=", read.Query, StringComparison.Ordinal);
        Assert.Equal(("b", "r"), AccountKeyTests.SignedFields(read));
        Assert.Equal(("b", "cw"), AccountKeyTests.SignedFields(new Uri(target.Target.Urls[0])));
        using HttpResponseMessage written = await PutAsync($"{read.AbsoluteUri}&comp=block&blockid=AAAA", new byte[] { 3 });
        Assert.Equal(HttpStatusCode.Forbidden, written.StatusCode);
    }

    [Fact]
    public async Task Key_IsAskedForOnceUntilItWouldExpireTooEarly()
    {
        KeyCounter counter = new();
        BlobClientOptions options = fixture.TrustingOptions();
        options.AddPolicy(counter, HttpPipelinePosition.PerCall);
        ShiftedTime time = new();
        using AzureBlobsStorage storage = new(new BlobContainerClient(Container.Uri, new EntraCredential(), options), timeProvider: time);

        await storage.UploadAsync(NewName(), new MemoryStream([1]), cancellationToken: Token);
        Assert.Equal(0, counter.Keys);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => storage.CreateReadUrlAsync("a", TimeSpan.FromHours(2), Token)));
        Assert.Equal(1, counter.Keys);
        time.Shift = TimeSpan.FromHours(23);
        await storage.CreateReadUrlAsync("a", TimeSpan.FromHours(2), Token);
        Assert.Equal(1, counter.Keys);
        time.Shift = TimeSpan.FromHours(25);
        await storage.CreateReadUrlAsync("a", TimeSpan.FromHours(2), Token);
        Assert.Equal(2, counter.Keys);
    }

    [Fact]
    public async Task Lifetime_UpTo7Days_IsSignedAndMoreIsRefused()
    {
        Uri longest = await Storage.CreateReadUrlAsync("a", TimeSpan.FromDays(7), Token);
        ArgumentOutOfRangeException exception = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Storage.CreateReadUrlAsync("a", TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1), Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Storage.CreateTargetAsync("a", new StorageTargetOptions { Lifetime = TimeSpan.FromDays(8) }, Token));

        Assert.Equal("lifetime", exception.ParamName);
        Assert.Contains("7 days", exception.Message, StringComparison.Ordinal);
        Assert.Contains("sig=", longest.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_ThatCannotBeObtained_IsAnErrorOfTheStorageWithItsCause()
    {
        using AzureBlobsStorage storage = new(new BlobContainerClient(Container.Uri, new FailingCredential(), fixture.TrustingOptions()));

        foreach (Func<Task> call in new Func<Task>[] { () => storage.DeleteAsync("a", Token), () => storage.CreateReadUrlAsync("a", cancellationToken: Token) })
        {
            AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(call);
            Assert.False(exception.IsTransient);
            Assert.IsType<NotSupportedException>(exception.InnerException);
        }
    }

    private sealed class KeyCounter : HttpPipelineSynchronousPolicy
    {
        private int _keys;

        public int Keys => _keys;

        public override void OnSendingRequest(HttpMessage message)
        {
            if (message.Request.Uri.Query.Contains("comp=userdelegationkey", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _keys);
            }
        }
    }

    private sealed class FailingCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException("No identity here.");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException("No identity here.");
    }
}
