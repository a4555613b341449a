using System.Net;
using System.Net.Sockets;

namespace AssetCompute.Client.Tests.Storage;

public sealed class EmulatorCallsTests
{
    [Fact]
    public async Task CreateReadUrl_EmulatorThatClosesTheConnection_IsTransient()
    {
        using TcpListener closing = new(IPAddress.Loopback, 0);
        closing.Start();
        using EmulatorAssetStorage storage = new(new Uri($"http://{closing.LocalEndpoint}/"));

        Task<Uri> asking = storage.CreateReadUrlAsync("a", cancellationToken: TestContext.Current.CancellationToken);
        (await closing.AcceptTcpClientAsync(TestContext.Current.CancellationToken)).Dispose();

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => asking);
        Assert.True(exception.IsTransient);
        Assert.Contains("Is it running?", exception.Message, StringComparison.Ordinal);
    }
}
