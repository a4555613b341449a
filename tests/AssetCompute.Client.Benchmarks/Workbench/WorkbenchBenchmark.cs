using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AssetCompute.Client.Benchmarks.Rendering;
using AssetCompute.Emulator;

namespace AssetCompute.Client.Benchmarks.Workbench;

/// <summary>The emulator's page with many jobs: time to the last byte of a view, size of the view, and memory that the jobs retain.</summary>
internal static class WorkbenchBenchmark
{
    private const int Jobs = 1_000;
    private const int Rounds = 50;
    private const int FewJobs = 20_000;
    private const int ManyJobs = 100_000;
    private const int AtOnce = 8;

    public static async Task RunAsync(TextWriter output)
    {
        await MeasureViewsAsync(output);
        await MeasureHeapAsync(output);
    }

    private static async Task MeasureViewsAsync(TextWriter output)
    {
        await using AssetComputeEmulator emulator = await StartAsync();
        using EmulatorCaller caller = await EmulatorCaller.RegisterAsync(emulator);
        await ProcessAsync(emulator, caller, 0, Jobs, renditions: 3);
        foreach ((string name, string path) in new[] { ("first view", "/"), ("search", "/?q=photo-77"), ("failed", "/?state=failed"), ("events", "/events"), ("calls", "/calls") })
        {
            List<double> milliseconds = [];
            int bytes = 0;
            for (int round = -5; round < Rounds; round++)
            {
                long start = Stopwatch.GetTimestamp();
                bytes = (await caller.Http.GetByteArrayAsync(new Uri(path, UriKind.Relative))).Length;
                if (round >= 0)
                {
                    milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }

            milliseconds.Sort();
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{name} of {Jobs} jobs with 3 renditions each: {milliseconds[(Rounds * 95 / 100) - 1]:0.0} ms to the last byte (95th percentile of {Rounds}; median {milliseconds[Rounds / 2]:0.0} ms), {bytes / 1000.0:0.0} kB"));
        }
    }

    private static async Task MeasureHeapAsync(TextWriter output)
    {
        await using AssetComputeEmulator emulator = await StartAsync();
        using EmulatorCaller caller = await EmulatorCaller.RegisterAsync(emulator);
        await ProcessAsync(emulator, caller, 0, FewJobs, renditions: 1);
        double few = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
        await ProcessAsync(emulator, caller, FewJobs, ManyJobs, renditions: 1);
        double many = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"live heap: {few:0.0} MB after {FewJobs} jobs, {many:0.0} MB after {ManyJobs}, {many / few:0.00} times as much"));
    }

    /// <summary>
    /// Starts an emulator that doesn't render. The journal is full before the first measurement of the heap: by default it keeps 100,000 events, as the
    /// service keeps seven days.
    /// </summary>
    private static Task<AssetComputeEmulator> StartAsync() => AssetComputeEmulator.StartAsync(static options =>
    {
        options.Rendering.Mode = EmulatorRenderingMode.None;
        options.Journal.Capacity = FewJobs / 2;
    });

    private static async Task ProcessAsync(AssetComputeEmulator emulator, EmulatorCaller caller, int from, int to, int renditions)
    {
        await Parallel.ForAsync(from, to, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (job, _) => await caller.PostAsync("/process", new JsonObject
        {
            ["source"] = new JsonObject { ["url"] = "data:,x", ["name"] = $"photo-{job}.jpg" },
            ["renditions"] = new JsonArray([.. Enumerable.Range(0, renditions).Select(index => Rendition(emulator, job, index))]),
        }));
        while ((await caller.Http.GetStringAsync(new Uri("/emulator/jobs?state=open", UriKind.Relative))).Contains("\"id\"", StringComparison.Ordinal))
        {
            await Task.Delay(100);
        }
    }

    private static JsonObject Rendition(AssetComputeEmulator emulator, int job, int index) => new()
    {
        ["fmt"] = "png",
        ["name"] = index == 0 ? "cq5dam.thumbnail.140.100.png" : $"cq5dam.web.1280.{index}.png",

        // Later jobs reuse the targets, so that the storage doesn't grow. One job in twenty has a target that refuses the upload at once.
        ["target"] = job % 20 == 7 && index == 0 ? new Uri(emulator.Endpoint, "refused").AbsoluteUri : emulator.Storage.CreateWriteUrl($"{job % 100}/{index}").AbsoluteUri,
    };
}
