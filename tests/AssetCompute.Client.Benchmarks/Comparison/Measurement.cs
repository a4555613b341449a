using System.Diagnostics;
using System.Text.Json;

namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>What some work took: of the whole process, all threads, collections and late compilation included.</summary>
/// <param name="Items">How many calls, events or assets it was.</param>
/// <param name="Whole">Processor time from the start of the process to the end of the work, done for the first time; in seconds.</param>
/// <param name="Cpu">Processor time of the same work in a process that has run for a while; in seconds.</param>
/// <param name="Wall">Seconds on the clock for that last time.</param>
/// <param name="Allocated">Bytes allocated in the last time; null where the runtime does not say.</param>
/// <param name="Peak">The most memory the process ever held, in bytes.</param>
/// <param name="Extra">A figure of the work's own; null where it has none.</param>
internal sealed record Measurement(long Items, double Whole, double Cpu, double Wall, double? Allocated, double Peak, double? Extra = null)
{
    /// <summary>Long enough for what was compiled in the background to be in place.</summary>
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(250);

    public double WholeMicroseconds => Whole * 1e6 / Items;

    public double CpuMicroseconds => Cpu * 1e6 / Items;

    public double WallMicroseconds => Wall * 1e6 / Items;

    public double? AllocatedBytes => Allocated / Items;

    /// <summary>A short measurement says little: the work is done so often that all of them take about as long.</summary>
    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(0.6);

    /// <summary>
    /// So much processor time the work takes again and again before it is measured for the second time: .NET goes on compiling for some seconds.
    /// Work that mostly waits ends after twice as long.
    /// </summary>
    public static TimeSpan RunIn { get; set; }

    /// <summary>Measures the work as it is at first, and as it is in a process that has run for a while.</summary>
    /// <param name="items">How many items the work has.</param>
    /// <param name="work">The work.</param>
    public static async Task<Measurement> OfAsync(long items, Func<Task> work)
    {
        await work();
        double whole = Environment.CpuUsage.TotalTime.TotalSeconds;
        TimeSpan last = await RunInAsync(work);
        Measurement[] passes = new Measurement[(int)Math.Clamp(Math.Ceiling(s_least / last), 1, 100)];
        for (int pass = 0; pass < passes.Length; pass++)
        {
            passes[pass] = await OfOneAsync(items, work, settles: pass == 0);
        }

        // The one in the middle: what is still compiled, or what else the machine does, falls on some of them.
        return passes.OrderBy(static pass => pass.Cpu).ElementAt(passes.Length / 2) with { Whole = whole, Peak = passes[^1].Peak };
    }

    /// <summary>The same for work that has to be prepared each time; what this takes counts only at first.</summary>
    /// <param name="items">How many items the work has.</param>
    /// <param name="prepare">Prepares the work, and returns it.</param>
    public static async Task<Measurement> OfPreparedAsync(long items, Func<Task<Func<Task>>> prepare)
    {
        Func<Task> work = await prepare();
        await work();
        double whole = Environment.CpuUsage.TotalTime.TotalSeconds;
        await RunInAsync(async () =>
        {
            Func<Task> again = await prepare();
            await again();
        });
        work = await prepare();
        return await OfOneAsync(items, work) with { Whole = whole };
    }

    private static async Task<TimeSpan> RunInAsync(Func<Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        TimeSpan last;
        do
        {
            long pass = Stopwatch.GetTimestamp();
            await work();
            last = Stopwatch.GetElapsedTime(pass);
        }
        while (Environment.CpuUsage.TotalTime - cpu < RunIn && Stopwatch.GetElapsedTime(start) < 2 * RunIn);
        return last;
    }

    /// <summary>Does the work once.</summary>
    public static async Task<Measurement> OfOneAsync(long items, Func<Task> work, bool settles = true)
    {
        if (settles)
        {
            await Task.Delay(s_settle);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        await work();
        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        TimeSpan used = Environment.CpuUsage.TotalTime;
        return new Measurement(items, used.TotalSeconds, (used - cpu).TotalSeconds, wall, GC.GetTotalAllocatedBytes(precise: true) - allocated, PeakBytes());
    }

    /// <summary>Everything since the process was started.</summary>
    public static Measurement OfProcess()
    {
        TimeSpan wall = DateTime.Now - Process.GetCurrentProcess().StartTime;
        double cpu = Environment.CpuUsage.TotalTime.TotalSeconds;
        return new Measurement(1, cpu, cpu, wall.TotalSeconds, GC.GetTotalAllocatedBytes(precise: true), PeakBytes());
    }

    public static Measurement Parse(string json) =>
        JsonSerializer.Deserialize<Measurement>(json, JsonSerializerOptions.Web) ?? throw new FormatException("A contestant measured nothing.");

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    private static long PeakBytes()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
