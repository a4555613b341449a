using System.Text.Json.Nodes;

namespace AssetCompute.Emulator.Tests;

/// <summary>The render workers of an emulator that runs as a separate process and is killed.</summary>
public sealed class KilledEmulatorTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Emulator_that_is_killed_leaves_no_worker_and_no_folder_of_one(bool isBusy)
    {
        using var temporary = new TempFolder();
        using var program = await EmulatorProcess.StartAsync(null, ["--port", "0", "--event-delay", "0"], temporary.Path);
        using var client = new ServiceClient(program.Endpoint);
        await client.SignInAsync();
        await client.RegisterAsync();
        using var urls = await client.PostAsync("/emulator/urls", new JsonObject { ["name"] = "target", ["permission"] = "write" });
        var target = (await ServiceClient.JsonAsync(urls))["url"]!.GetValue<string>();
        await client.EventOfAsync(RenditionTests.DataUri("sunset.jpg"), new JsonObject { ["fmt"] = "png", ["width"] = 10, ["target"] = target });
        var worker = Assert.Single(Workers.Of(program.Id));
        if (isBusy)
        {
            await client.ProcessAsync(RenderWorkerTests.EndlessSource, new JsonObject { ["fmt"] = "png", ["target"] = target });
            worker = await Workers.BusyAsync(program.Id);
        }

        await program.KillAsync();

        await Workers.GoneAsync(worker);
        Assert.Empty(Directory.GetDirectories(temporary.Path, "asset-compute-worker-*"));
    }
}
