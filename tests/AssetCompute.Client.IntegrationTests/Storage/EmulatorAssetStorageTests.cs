using System.Net;
using AssetCompute.Client.StorageTests;
using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Storage;

public sealed class EmulatorAssetStorageTests : AssetStorageContract, IAsyncLifetime
{
    private AssetComputeEmulator _emulator = null!;
    private EmulatorAssetStorage _storage = null!;

    protected override IAssetStorage Storage => _storage;

    public async ValueTask InitializeAsync()
    {
        _emulator = await AssetComputeEmulator.StartAsync(Token);
        _storage = new EmulatorAssetStorage(_emulator.Endpoint) { PartSize = PartSize };
    }

    public async ValueTask DisposeAsync()
    {
        _storage.Dispose();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task Complete_LeavesNoParts()
    {
        StorageTarget target = await Storage.CreateTargetAsync("joined", new StorageTargetOptions { MaxSize = 2 * PartSize }, Token);
        await WriteAsync(target, PseudoRandomStream.Bytes(PartSize + 1));

        await target.CompleteAsync(Created(PartSize + 1), Token);

        Assert.Equal(["joined"], _emulator.Storage.Names);
    }

    [Fact]
    public async Task ReadUrl_Expired_IsRefused()
    {
        await StoreAsync("a", [1]);
        Uri url = await Storage.CreateReadUrlAsync("a", TimeSpan.FromMilliseconds(1), Token);
        using HttpClient http = new();
        HttpStatusCode status;
        do
        {
            using HttpResponseMessage response = await http.GetAsync(url, Token);
            status = response.StatusCode;
        }
        while (status == HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.Forbidden, status);
    }

    [Fact]
    public async Task Calls_OfAnEmulatorThatIsNotThere_AreTransient()
    {
        using EmulatorAssetStorage storage = new(new Uri("http://127.0.0.1:9/"));

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => storage.DeleteAsync("a", Token));

        Assert.True(exception.IsTransient);
    }
}
