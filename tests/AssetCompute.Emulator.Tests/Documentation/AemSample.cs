using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

public sealed class AemSample
{
    [Fact]
    public async Task Published_folder_is_delivered()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var photo = new byte[100];
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var emulator = await AssetComputeEmulator.StartAsync(cancellation);

        var registration = await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = receiver.Url }, cancellation);
        var metadata = new JsonObject { ["exportDestination"] = "azure", ["exportImmediately"] = "yes" };
        await emulator.Aem.AddAssetAsync("/content/dam/campaign/photo.jpg", photo, metadata: metadata, cancellationToken: cancellation);
        await emulator.Aem.AddGeneratedAssetAsync("/content/dam/campaign/film.mp4", size: 2L << 30, cancellationToken: cancellation);

        emulator.Aem.Publish("/content/dam/campaign");
        await registration.WaitAsync(it => it.PendingEvents == 0, cancellation);

        Assert.Equal(2, receiver.Accepted.Count);
        Assert.Equal(2, registration.JournalCount);
    }
}
