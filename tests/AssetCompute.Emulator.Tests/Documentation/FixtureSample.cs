using System.Net;

namespace AssetCompute.Emulator.Tests;

public sealed class EmulatorFixture : IAsyncLifetime
{
    public AssetComputeEmulator Emulator { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Emulator = await AssetComputeEmulator.StartAsync();

    public ValueTask DisposeAsync() => Emulator.DisposeAsync();
}

public sealed class FixtureSample(EmulatorFixture fixture) : IClassFixture<EmulatorFixture>
{
    [Fact]
    public async Task Upload_that_fails_once_is_seen_in_the_log()
    {
        var emulator = fixture.Emulator;
        emulator.Faults.Next(EmulatorOperation.BlobWrite, EmulatorFault.Answer(503));
        using var http = new HttpClient();
        var target = emulator.Storage.CreateWriteUrl("photo.png");

        using var first = await http.PutAsync(target, new ByteArrayContent([1, 2, 3]), TestContext.Current.CancellationToken);
        using var second = await http.PutAsync(target, new ByteArrayContent([1, 2, 3]), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, first.StatusCode);
        Assert.Equal([503, 201], emulator.Calls.Of(EmulatorOperation.BlobWrite).Select(call => call.Status));
        Assert.True(emulator.Storage.Exists("photo.png"));
    }
}
