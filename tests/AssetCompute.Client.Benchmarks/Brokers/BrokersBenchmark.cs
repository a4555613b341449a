using System.Globalization;

namespace AssetCompute.Client.Benchmarks.Brokers;

/// <summary>
/// A journal of events, handled through an inbox or a broker: how many a second, with how much memory, and how many are lost or handled twice when the workers are killed.
/// The rows take turns, so that what else the machine does falls on all alike.
/// </summary>
internal sealed class BrokersBenchmark
{
    private const int EventsWithKills = 2_000;
    private const int MostMilliseconds = 5;
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);

    // A broker that waits for an acknowledgement hands an event out again after half a minute or a minute; with nothing new for this long, the rest is lost.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <summary>The folder of another commit's build, whose inbox is measured too; null for none.</summary>
    public string? Against { get; init; }

    /// <summary>What the table calls that commit.</summary>
    public string? Commit { get; init; }

    /// <summary>How many events each row handles without kills.</summary>
    public int Events { get; init; } = 5_000;

    /// <summary>How many times a worker is killed in a run of its own; zero for no such run.</summary>
    public int Kills { get; init; } = 10;

    /// <summary>How often each row runs.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>A part of the names of the rows to run; null for all.</summary>
    public string? Rows { get; init; }

    public async Task RunAsync(TextWriter output, TextWriter progress)
    {
        BrokerRow[] rows = [.. BrokerRow.All(Against, Commit).Where(row => Rows is null || row.Name.Contains(Rows, StringComparison.OrdinalIgnoreCase))];
        Dictionary<BrokerRow, List<BrokerFigures>> figures = rows.ToDictionary(static row => row, static _ => new List<BrokerFigures>());
        for (int round = 1; round <= Rounds; round++)
        {
            foreach (BrokerRow row in rows)
            {
                BrokerFigures measured = await MeasureAsync(row);
                figures[row].Add(measured);
                await progress.WriteLineAsync($"round {round}: {ToRow(row, measured)}");
            }
        }

        await output.WriteLineAsync("| | events/s | CPU, ms an event | MB a process | lost | twice |");
        await output.WriteLineAsync("|---|---:|---:|---:|---:|---:|");
        foreach (BrokerRow row in rows)
        {
            await output.WriteLineAsync(ToRow(row, BrokerFigures.Of(figures[row])));
        }
    }

    private static string ToRow(BrokerRow row, BrokerFigures figures) => string.Create(
        CultureInfo.InvariantCulture, $"| {row.Name} | {figures.Rate:#,0} | {figures.Milliseconds:0.00} | {figures.Megabytes:0} | {figures.Lost} | {figures.Twice} |");

    private async Task<BrokerFigures> MeasureAsync(BrokerRow row)
    {
        await using BrokerRun run = await BrokerRun.StartAsync(row, Events, MostMilliseconds);
        await run.UntilAsync(Events, s_patience, s_poll);
        if (run.Lost > 0)
        {
            throw new InvalidOperationException($"{run.Lost} events were not handled: {row.Name}. {run.Output}");
        }

        BrokerFigures figures = new(run.Rate, run.ProcessorTime.TotalMilliseconds / Events, run.PeakMegabytes, 0, 0);
        (int lost, int twice) = Kills > 0 ? await KillAsync(row) : default;
        return figures with { Lost = lost, Twice = twice };
    }

    /// <summary>Kills the workers in turn, each after as many events as all the others.</summary>
    private async Task<(int Lost, int Twice)> KillAsync(BrokerRow row)
    {
        await using BrokerRun run = await BrokerRun.StartAsync(row, EventsWithKills, MostMilliseconds);
        for (int kill = 1; kill <= Kills; kill++)
        {
            await run.UntilAsync(kill * EventsWithKills / (Kills + 1), s_patience, s_poll);
            await run.KillAsync(kill % row.Processes);
        }

        await run.UntilAsync(EventsWithKills, s_patience, s_poll);

        // What is handed out again after all were handled counts too.
        await Task.Delay(TimeSpan.FromSeconds(3));
        return (run.Lost, run.Twice);
    }
}
