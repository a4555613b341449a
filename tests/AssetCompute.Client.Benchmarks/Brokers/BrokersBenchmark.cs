using System.Globalization;

namespace AssetCompute.Client.Benchmarks.Brokers;

/// <summary>
/// Measures how an inbox or a broker handles the events of a journal: events per second, memory, and the events that are lost or handled twice when
/// workers are killed.
/// The rounds of the rows are interleaved, so that other load on the machine affects all rows equally.
/// </summary>
internal sealed class BrokersBenchmark
{
    private const int EventsWithKills = 2_000;
    private const int MostMilliseconds = 5;
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);

    // A broker redelivers an unacknowledged event after 30 to 60 seconds. If nothing arrives for this long, the remaining events are lost.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <summary>The folder of another commit's build, whose inbox is also measured, or null.</summary>
    public string? Against { get; init; }

    /// <summary>Name of that commit in the table.</summary>
    public string? Commit { get; init; }

    /// <summary>Number of events that each row handles without kills.</summary>
    public int Events { get; init; } = 5_000;

    /// <summary>Number of kills in a separate run; zero skips the run.</summary>
    public int Kills { get; init; } = 10;

    /// <summary>Number of rounds of each row.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>A part of the names of the rows to run, or null to run all.</summary>
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

        foreach (BrokerRow row in rows.Where(static row => row.Other is not null))
        {
            // Within a round, both rows ran one after the other, so that a change of the load affects few of the pairs.
            double[] ratios = [.. figures[row].Zip(figures[row.Other!], static (own, other) => own.Rate / other.Rate).Order()];
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{row.Name}: {ratios[ratios.Length / 2]:0.00} times the rate of {Commit} ({ratios[0]:0.00} to {ratios[^1]:0.00})"));
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

    /// <summary>Kills the workers in turn, at equal intervals of handled events.</summary>
    private async Task<(int Lost, int Twice)> KillAsync(BrokerRow row)
    {
        await using BrokerRun run = await BrokerRun.StartAsync(row, EventsWithKills, MostMilliseconds);
        for (int kill = 1; kill <= Kills; kill++)
        {
            await run.UntilAsync(kill * EventsWithKills / (Kills + 1), s_patience, s_poll);
            await run.KillAsync(kill % row.Processes);
        }

        await run.UntilAsync(EventsWithKills, s_patience, s_poll);

        // Redeliveries after the last event also count.
        await Task.Delay(TimeSpan.FromSeconds(3));
        return (run.Lost, run.Twice);
    }
}
