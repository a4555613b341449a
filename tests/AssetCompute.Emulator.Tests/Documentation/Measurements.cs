using System.Diagnostics;

namespace AssetCompute.Emulator.Tests;

/// <summary>Prints the figures of docs/emulator.md. Asserts no limits, because the figures depend on the load of the machine.</summary>
public sealed class Measurements(BrowserFixture browser, ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Print()
    {
        var (watch, began) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var first = await AssetComputeEmulator.StartAsync(Cancellation);
        output.WriteLine($"first start: {watch.ElapsedMilliseconds} ms, {(Environment.CpuUsage.TotalTime - began).TotalMilliseconds:0} ms of processor time");
        await first.DisposeAsync();

        watch.Restart();
        var processor = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < 20; i++)
        {
            await (await AssetComputeEmulator.StartAsync(Cancellation)).DisposeAsync();
        }

        output.WriteLine($"a start after that: {watch.ElapsedMilliseconds / 20.0:0.0} ms, {(Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / 20:0.0} ms of processor time, its end included");

        watch.Restart();
        var many = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => AssetComputeEmulator.StartAsync(Cancellation)));
        output.WriteLine($"50 side by side: {watch.ElapsedMilliseconds} ms");
        foreach (var emulator in many)
        {
            await emulator.DisposeAsync();
        }

        await RunAsync(EmulatorRenderingMode.None, 2000);
        await RunAsync(EmulatorRenderingMode.ImageMagick, 500);
        await PaintAsync();
    }

    private async Task PaintAsync()
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        for (var i = 0; i < 1000; i++)
        {
            await client.ProcessAsync("data:,x", [.. Enumerable.Range(0, 3).Select(part => RenditionTests.Rendition(emulator, $"{i}-{part}.png", "png"))]);
        }

        await client.EventsAsync(3000);
        List<double> paints = [];
        for (var i = 0; i < 5; i++)
        {
            await using var page = await WorkbenchPage.OpenAsync(browser, emulator);
            paints.Add(await page.Page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0].startTime"));
        }

        output.WriteLine($"first paint of the page with 1,000 jobs, median of five: {paints.Order().ElementAt(2):0} ms");
    }

    private async Task RunAsync(EmulatorRenderingMode mode, int requests)
    {
        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = mode, Cancellation);
        using var client = await ServiceClient.RegisteredAsync(emulator);
        await emulator.Storage.PutAsync("small", Images.Small("sunset.jpg", 90), "image/jpeg", Cancellation);
        var source = emulator.Storage.CreateReadUrl("small").AbsoluteUri;
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < requests; i++)
        {
            await client.ProcessAsync(
                source,
                RenditionTests.Rendition(emulator, $"{i}.png", "png", width: 48),
                RenditionTests.Rendition(emulator, $"{i}.jpg", "jpg", width: 30),
                RenditionTests.Rendition(emulator, $"{i}.jpeg", "jpeg", width: 20));
        }

        await client.EventsAsync(3 * requests);
        output.WriteLine($"{requests} requests with three renditions each, {mode}: {watch.Elapsed.TotalSeconds:0.0} s");
    }
}
