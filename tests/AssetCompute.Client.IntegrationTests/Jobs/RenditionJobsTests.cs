using System.Text.Json.Nodes;
using AssetCompute.Emulator;

namespace AssetCompute.Client.IntegrationTests.Jobs;

public class RenditionJobsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_ThreeRenditions_ReturnsTheirEventsInRequestOrder()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None);
        JsonObject userData = new() { ["id"] = 7 };
        ProcessRequest request = new()
        {
            Source = account.Emulator.Storage.CreateReadUrl("source.png"),
            Renditions = [.. Enumerable.Range(0, 3).Select(i => Rendition(account, $"{i}.png") with { UserData = userData })],
        };

        RenditionJobResult result = await account.Client.Jobs.RunAsync(request, Cancel);

        Assert.True(result.Succeeded);
        Assert.Same(request, result.Request);
        Assert.Equal(["0.png", "1.png", "2.png"], result.Renditions.Select(rendition => rendition.Rendition.Name));
        Assert.All(result.Renditions, rendition => Assert.Same(userData, rendition.Rendition.UserData));
        Assert.All(result.Renditions, rendition => Assert.Equal(result.RequestId, rendition.RequestId));
        Assert.Equal(["id"], userData.Select(field => field.Key));
    }

    [Fact]
    public async Task RunManyAsync_500Requests_AllComplete()
    {
        await using EmulatedAccount account = await EmulatedAccount.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None);
        List<RenditionJobResult> results = [];

        await foreach (RenditionJobResult result in account.Client.Jobs.RunManyAsync(Requests(account, 500), cancellationToken: Cancel))
        {
            results.Add(result);
        }

        Assert.Equal(500, results.Select(result => result.Request.Renditions[0].Name).Distinct().Count());
        Assert.All(results, result => Assert.True(result.Succeeded, result.ToString()));
        Assert.All(results, result => Assert.Equal(3, result.Renditions.Count));
    }

    internal static Rendition Rendition(EmulatedAccount account, string name) =>
        new() { Name = name, Format = RenditionFormat.Png, Width = 10, Target = account.Emulator.Storage.CreateWriteUrl(name) };

    internal static async IAsyncEnumerable<ProcessRequest> Requests(EmulatedAccount account, int count)
    {
        for (int i = 0; i < count; i++)
        {
            yield return new ProcessRequest
            {
                Source = account.Emulator.Storage.CreateReadUrl("source.png"),
                Renditions = [.. Enumerable.Range(0, 3).Select(rendition => Rendition(account, $"{i}-{rendition}.png"))],
            };
        }

        await Task.CompletedTask;
    }
}
