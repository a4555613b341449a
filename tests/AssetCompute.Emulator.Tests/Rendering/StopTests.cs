using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

public sealed class StopTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public async Task Stopping_with_renditions_under_way_ends_quietly_and_may_be_said_twice(int renditions)
    {
        var emulator = await AssetComputeEmulator.StartAsync(Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await emulator.Storage.PutAsync("source", TestFiles.Photo("friends.jpg"), "image/jpeg", Cancellation);
        await client.ProcessAsync(
            emulator.Storage.CreateReadUrl("source").AbsoluteUri,
            [.. Enumerable.Range(0, renditions).Select(i => new JsonObject
            {
                ["fmt"] = "png",
                ["target"] = emulator.Storage.CreateWriteUrl($"{i}").AbsoluteUri,
            })]);
        await emulator.Calls.WaitAsync(call => call.Operation == EmulatorOperation.BlobRead, Cancellation);

        await emulator.DisposeAsync();
        await emulator.DisposeAsync();

        Assert.True(emulator.Storage.Names.Count <= renditions + 1);
    }
}
