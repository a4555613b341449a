using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>Writes the figures to a documentation page.</summary>
internal sealed class PerformancePage(Comparison comparison)
{
    /// <param name="commit">The measured commit.</param>
    /// <param name="before">The previous page. The text before and after the figures is preserved.</param>
    public string Write(string commit, string before)
    {
        const string heading = "## Compared with other clients";
        const string notes = "## Notes";
        int start = Math.Max(0, before.IndexOf(heading, StringComparison.Ordinal)), end = before.IndexOf(notes, StringComparison.Ordinal);
        StringBuilder page = new(before[..start]);
        page.Append(CultureInfo.InvariantCulture, $"""
            {heading}

            The following figures compare the cost of the client with that of two others that do the same work. `tests/bench.sh{(comparison.IsFull ? " --full" : "")}` writes the figures.

            {Machine()}; .NET {Environment.Version}, Node {Node()}; {DateTime.UtcNow:yyyy-MM-dd}, commit {commit}. Medians of {comparison.Rounds} interleaved rounds. Each
            contestant runs in its own process, against one server in another process.

            - **floor**: the minimum for a .NET process: a bare `HttpClient` that posts prepared bytes, and a bare `Utf8JsonReader` that reads the journal's pages.
            - **Adobe's client**: `@adobe/asset-compute-client` 5.2.1 and `@adobe/aio-lib-events` 4.1.0 on Node, unmodified.
            - **at first**: processor time of the whole process from its start to the end of the work, divided by the number of items. It includes start-up and compilation.
            - **later**: the median of several repetitions of the same work in the same process, after a run-in of {comparison.SecondsToRunIn.ToString(CultureInfo.InvariantCulture)} seconds of processor time. Clock and bytes are from these repetitions.
            - Items: {comparison.Items}.

            ## Targets

            | work | | target | at first | later | |
            |---|---|---:|---:|---:|---|

            """);
        foreach (Target target in Target.All(comparison))
        {
            page.AppendLine(target.ToRow());
        }

        page.Append("""

            ## Figures

            Figures are per call, event or asset. Memory is that of the whole process.

            | | CPU at first, µs | CPU later, µs | clock, µs | bytes | peak memory, MB |
            |---|---:|---:|---:|---:|---:|

            """);
        foreach (Entry entry in comparison.Entries)
        {
            Figures figures = comparison.Of(entry.Key);
            page.AppendLine(CultureInfo.InvariantCulture, $"| {entry.Title} | {figures.Whole:0.0} | {figures.Cpu:0.0} | {figures.Wall:0.0} | {figures.Allocated:#,0} | {figures.Peak / 1e6:0} |");
        }

        page.AppendLine();
        page.Append(end < 0 ? "" : before[end..].TrimEnd());
        page.AppendLine();
        return page.ToString();
    }

    private static string Machine()
    {
        string? model = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() : null;
        return $"{model ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}";
    }

    private static string Node()
    {
        using System.Diagnostics.Process node = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("node", "--version") { RedirectStandardOutput = true })!;
        return node.StandardOutput.ReadToEnd().Trim().TrimStart('v');
    }
}
