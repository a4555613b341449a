using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>
/// The complete comparison: one server, and one child process for each contestant, kind of work, and round. The rounds are interleaved, so that
/// other load on the machine affects all contestants equally.
/// </summary>
internal sealed class Comparison
{
    /// <summary>Longer than any work takes unless it hangs.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, List<Measurement>> _measurements = [];

    /// <summary>The folder in which Adobe's clients are installed.</summary>
    public required string NodeFolder { get; init; }

    public required bool IsFull { get; init; }

    /// <summary>The contestants as a native program; null to leave it out.</summary>
    public string? NativeProgram { get; init; }

    public int Rounds => IsFull ? 3 : 2;

    /// <summary>The number of seconds that each contestant warms up before the second measurement.</summary>
    public double SecondsToRunIn => IsFull ? 6 : 1.75;

    /// <summary>All entries, in the order in which they run.</summary>
    public IReadOnlyList<Entry> Entries =>
    [
        .. IsFull ? Entry.All(5_000, 99_999, 4_000) : Entry.Needed(5_000, 29_997, 1_000),
        .. NativeProgram is null ? [] : IsFull ? Entry.Native(5_000, 99_999, 4_000) : Entry.Native(5_000, 29_997, 1_000),
    ];

    /// <summary>The entries that are measured once, because they take long and are compared only with themselves.</summary>
    public IReadOnlyList<Entry> Singles => IsFull
        ? [Entry.Growth(1_000_000), Entry.Waiting(100_000)]
        : [Entry.Growth(200_000), Entry.Waiting(20_000)];

    /// <summary>The amount of work, in words.</summary>
    public string Items => IsFull ? "5,000 calls, 99,999 events, 4,000 assets" : "5,000 calls, 29,997 events, 1,000 assets";

    public Figures Of(string key) => new(_measurements[key]);

    public async Task RunAsync(TextWriter progress)
    {
        using Process server = Start("dotnet", [typeof(Comparison).Assembly.Location, "server"], folder: null);
        try
        {
            string url = await server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
            for (int round = 1; round <= Rounds; round++)
            {
                await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"round {round} of {Rounds}"));
                foreach (Entry entry in Entries)
                {
                    await MeasureAsync(entry, url, progress);
                }
            }

            foreach (Entry entry in Singles)
            {
                await MeasureAsync(entry, url, progress);
            }
        }
        finally
        {
            // The server ends when its standard input closes.
            server.StandardInput.Close();
            await server.WaitForExitAsync();
        }
    }

    private string RunIn => SecondsToRunIn.ToString(CultureInfo.InvariantCulture);

    private async Task MeasureAsync(Entry entry, string server, TextWriter progress)
    {
        string count = entry.Count.ToString(CultureInfo.InvariantCulture);
        using Process child = entry.IsPeer
            ? Start("node", [Path.Combine(AppContext.BaseDirectory, "Comparison", "peer.cjs"), entry.Work, server, count, RunIn, Encoding.UTF8.GetString(SampleRequest.Body), Contestant.Token], NodeFolder)
            : entry.IsNative ? Start(NativeProgram!, ["ours", entry.Work, server, count, RunIn, .. entry.Flags], folder: null)
            : Start("dotnet", [typeof(Comparison).Assembly.Location, "contestant", entry.Who, entry.Work, server, count, RunIn, .. entry.Flags], folder: null);
        using Timer patience = new(process => ((Process)process!).Kill(), child, s_patience, Timeout.InfiniteTimeSpan);
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        if (child.ExitCode != 0)
        {
            throw new InvalidOperationException($"{entry.Who} failed at {entry.Work}: {await errors}");
        }

        Measurement measurement = Measurement.Parse(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        if (!_measurements.TryGetValue(entry.Key, out List<Measurement>? all))
        {
            _measurements.Add(entry.Key, all = []);
        }

        all.Add(measurement);
        await progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"  {entry.Title}: {measurement.WholeMicroseconds:0.0} µs at first, {measurement.CpuMicroseconds:0.0} µs later, {measurement.AllocatedBytes:0} B, {measurement.Peak / 1e6:0} MB {measurement.Extra:0.00}"));
    }

    private static Process Start(string program, string[] arguments, string? folder)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }
}
