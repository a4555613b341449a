using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AssetCompute.Emulator;

namespace AssetCompute.Client.Benchmarks.Rendering;

/// <summary>The cost of small renditions in the emulator: the processor time of its process and of the render workers.</summary>
internal static class RenderingBenchmark
{
    private const int Requests = 500;

    public static async Task RunAsync(TextWriter output)
    {
        TimeSpan own = Process.GetCurrentProcess().TotalProcessorTime;
        Stopwatch watch = Stopwatch.StartNew();
        AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(options => options.CallCapacity = 10 * Requests);
        double started = watch.Elapsed.TotalMilliseconds;
        double startedBy = (Process.GetCurrentProcess().TotalProcessorTime - own).TotalMilliseconds;
        await using (emulator)
        {
            await RenderAsync(emulator);
        }

        TimeSpan children = ProcessorTimeOfChildren();
        own = Process.GetCurrentProcess().TotalProcessorTime - own;
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"start {started:0} ms ({startedBy:0} ms of processor time); {3 * Requests} renditions in {watch.Elapsed.TotalSeconds:0.0} s; processor time {(own + children).TotalSeconds:0.0} s ({own.TotalSeconds:0.0} s the emulator and its caller, {children.TotalSeconds:0.0} s what renders)"));
    }

    private static async Task RenderAsync(AssetComputeEmulator emulator)
    {
        using EmulatorCaller caller = await EmulatorCaller.RegisterAsync(emulator);
        await emulator.Storage.PutAsync("source", Bitmap(90, 60), "image/bmp");
        string source = emulator.Storage.CreateReadUrl("source").AbsoluteUri;
        for (int i = 0; i < Requests; i++)
        {
            JsonObject request = new() { ["source"] = source, ["renditions"] = new JsonArray(Rendition(emulator, i, "png", 48), Rendition(emulator, i, "jpg", 30), Rendition(emulator, i, "jpeg", 20)) };
            await caller.PostAsync("/process", request);
        }

        while (emulator.Storage.Names.Count < 3 * Requests + 1)
        {
            await Task.Delay(50);
        }
    }

    private static JsonObject Rendition(AssetComputeEmulator emulator, int index, string format, int width) => new()
    {
        ["fmt"] = format,
        ["width"] = width,
        ["target"] = emulator.Storage.CreateWriteUrl($"{index}.{format}").AbsoluteUri,
    };

    /// <summary>A gradient as a BMP file.</summary>
    private static byte[] Bitmap(int width, int height)
    {
        const int header = 54;
        int row = (3 * width + 3) / 4 * 4;
        byte[] file = new byte[header + (row * height)];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), header);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), 24);
        for (int at = 0; at < row * height; at++)
        {
            file[header + at] = (byte)(at * 7);
        }

        return file;
    }

    /// <summary>The processor time of exited child processes, which only Linux reports.</summary>
    private static TimeSpan ProcessorTimeOfChildren()
    {
        const string stat = "/proc/self/stat";
        if (!File.Exists(stat))
        {
            return TimeSpan.Zero;
        }

        // The 14th and 15th fields after the name in parentheses contain the user and system time in hundredths of a second.
        string text = File.ReadAllText(stat);
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture)) / 100.0);
    }
}
