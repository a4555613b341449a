using System.Diagnostics;
using System.Globalization;

namespace AssetCompute.Client.StorageProbe;

/// <summary>
/// The most memory that this process had of its own, looked at a hundred times a second: its heaps, stacks and compiled code. What is mapped from files, such as .NET itself, can be
/// dropped and read again at any time, and is not counted.
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
        // .NET keeps compiled code in memory that counts as shared.
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
