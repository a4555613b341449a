using System.Diagnostics;
using System.Globalization;

namespace AssetCompute.Client.StorageProbe;

/// <summary>
/// The most memory that this process had of its own, looked at a hundred times a second: its heaps, stacks and compiled code. What is mapped from files, such as .NET itself, is
/// shared with other processes and not counted.
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
        long now = OperatingSystem.IsLinux() ? Anonymous() : Private();
        long peak;
        while (now > (peak = Volatile.Read(ref _peak)) && Interlocked.CompareExchange(ref _peak, now, peak) != peak)
        {
        }
    }

    private static long Anonymous()
    {
        string line = File.ReadLines(Status).First(static line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private static long Private()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PrivateMemorySize64;
    }
}
