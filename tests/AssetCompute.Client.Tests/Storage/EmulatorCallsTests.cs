using System.Net;
using System.Net.Sockets;
using AssetCompute.Client.Tests.Time;

namespace AssetCompute.Client.Tests.Storage;

public sealed class EmulatorCallsTests
{
    [Fact]
    public async Task CreateReadUrl_EmulatorThatTakesTheCallAndNeverAnswers_IsTransient()
    {
        FakeTimeProvider time = new();
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        using EmulatorAssetStorage storage = new(new Uri($"http://{silent.LocalEndpoint}/"), time);

        Task<Uri> asking = storage.CreateReadUrlAsync("a", cancellationToken: TestContext.Current.CancellationToken);
        await time.WaitForTimersAsync(cancellationToken: TestContext.Current.CancellationToken).InTimeAsync("the call waits");
        time.Advance(TimeSpan.FromSeconds(100));

        AssetStorageException exception = await Assert.ThrowsAsync<AssetStorageException>(() => asking.InTimeAsync("the call ends"));
        Assert.True(exception.IsTransient);
        Assert.Contains("did not answer", exception.Message, StringComparison.Ordinal);
    }
}
