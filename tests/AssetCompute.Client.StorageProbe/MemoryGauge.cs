using System.Diagnostics;
using System.Globalization;

namespace AssetCompute.Client.StorageProbe;

/// <summary>
/// The peak private memory of this process, sampled 100 times per second: its heaps, stacks, and compiled code.
/// Memory that is mapped from files, such as .NET itself, isn't counted because the system can discard it and read it again.
/// </summary>
internal sealed class MemoryGauge : IDisposable
{
    private const string Status = "/proc/self/status";

    private readonly Timer _timer;
    private long _peak;

    public MemoryGauge() => _timer = new Timer(_ => Look(), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(10));

    public long PeakBytes
    {
        get
        {
            Look();
            return Volatile.Read(ref _peak);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        long now = OperatingSystem.IsLinux() ? Own() : Private();
        long peak;
        while (now > (peak = Volatile.Read(ref _peak)) && Interlocked.CompareExchange(ref _peak, now, peak) != peak)
        {
        }
    }

    private static long Own()
    {
        // Includes shared memory, which .NET uses for compiled code.
        return File.ReadLines(Status)
            .Where(static line => line.StartsWith("RssAnon:", StringComparison.Ordinal) || line.StartsWith("RssShmem:", StringComparison.Ordinal))
            .Sum(static line => long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)) * 1024;
    }

    private static long Private()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PrivateMemorySize64;
    }
}
