using System.Diagnostics;
using System.Text.Json;

namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>The cost of some work: of the whole process, including all threads, garbage collections, and late compilation.</summary>
/// <param name="Items">Number of calls, events, or assets.</param>
/// <param name="Whole">Processor time in seconds from the start of the process to the end of the first pass.</param>
/// <param name="Cpu">Processor time in seconds of the same work after warm-up.</param>
/// <param name="Wall">Elapsed seconds of that pass.</param>
/// <param name="Allocated">Bytes allocated in that pass, or null if the runtime doesn't report them.</param>
/// <param name="Peak">Peak memory of the process, in bytes.</param>
/// <param name="Extra">An additional figure of the work, or null.</param>
internal sealed record Measurement(long Items, double Whole, double Cpu, double Wall, double? Allocated, double Peak, double? Extra = null)
{
    /// <summary>Long enough for background compilation to complete.</summary>
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(250);

    public double WholeMicroseconds => Whole * 1e6 / Items;

    public double CpuMicroseconds => Cpu * 1e6 / Items;

    public double WallMicroseconds => Wall * 1e6 / Items;

    public double? AllocatedBytes => Allocated / Items;

    /// <summary>The total time of the measured passes. A single short pass isn't precise, so short work is repeated.</summary>
    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(0.6);

    /// <summary>
    /// The processor time that the repeated work uses before the second measurement, because .NET continues to compile for several seconds.
    /// Work that mostly waits ends after twice as much elapsed time.
    /// </summary>
    public static TimeSpan RunIn { get; set; }

    /// <summary>Measures the first pass of the work, and a pass after warm-up.</summary>
    /// <param name="items">Number of items in the work.</param>
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

        // The median, because late compilation or other load on the machine affects some passes.
        return passes.OrderBy(static pass => pass.Cpu).ElementAt(passes.Length / 2) with { Whole = whole, Peak = passes[^1].Peak };
    }

    /// <summary>The same for work that requires preparation before each pass. The preparation counts only in the first measurement.</summary>
    /// <param name="items">Number of items in the work.</param>
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

    /// <summary>Measures a single pass.</summary>
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

    /// <summary>Measures everything since the start of the process.</summary>
    public static Measurement OfProcess()
    {
        TimeSpan wall = DateTime.Now - Process.GetCurrentProcess().StartTime;
        double cpu = Environment.CpuUsage.TotalTime.TotalSeconds;
        return new Measurement(1, cpu, cpu, wall.TotalSeconds, GC.GetTotalAllocatedBytes(precise: true), PeakBytes());
    }

    public static Measurement Parse(string json) =>
        JsonSerializer.Deserialize(json, MeasurementJsonContext.Default.Measurement) ?? throw new FormatException("A contestant measured nothing.");

    public string ToJson() => JsonSerializer.Serialize(this, MeasurementJsonContext.Default.Measurement);

    private static long PeakBytes()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
