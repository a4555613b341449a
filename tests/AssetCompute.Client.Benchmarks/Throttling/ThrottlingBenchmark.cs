using System.Globalization;
using AssetCompute.Emulator;

namespace AssetCompute.Client.Benchmarks.Throttling;

/// <summary>
/// Runs crowds of callers against limits of various shapes, which the emulator sets. Measures lost calls, requests per success, and total time for
/// this client and for Adobe's client.
/// </summary>
internal sealed class ThrottlingBenchmark
{
    private const int RetryAfter = 1;
    private const double LeastShare = 0.2;
    private static readonly TimeSpan s_peersLimit = TimeSpan.FromSeconds(60);

    /// <summary>The folder of Adobe's client, or null to skip it.</summary>
    public string? NodeFolder { get; init; }

    /// <summary>A part of the names of the rows to run, or null to run all.</summary>
    public string? Rows { get; init; }

    /// <summary>Runs each row once.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Prints the table.</summary>
    /// <returns>Whether every figure is within its limit.</returns>
    public async Task<bool> RunAsync(TextWriter output)
    {
        await output.WriteLineAsync("| limit and calls | Retry-After | ideal | this client | at most | sent per success | at most | lost | Adobe's client | sent per success | lost | |");
        await output.WriteLineAsync("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|");
        bool isGood = !IsChosen(ThrottlingRows.NoLimit) || await RunNoLimitAsync(output);
        foreach (ThrottlingRow row in ThrottlingRows.Limits.Where(IsChosen))
        {
            foreach (int? retryAfter in (int?[])[null, RetryAfter])
            {
                ThrottlingOutcome ours = await MedianAsync(row, retryAfter, throttles: true);
                ThrottlingOutcome? peers = await PeerAsync(row, retryAfter);
                double most = row.MostOfIdeal is { } bounds ? row.Ideal * (retryAfter is null ? bounds.Without : bounds.With)
                    : retryAfter is null ? row.MostSeconds!.Value
                    : 1.3 * (peers?.Seconds ?? s_peersLimit.TotalSeconds);
                isGood &= await WriteAsync(output, row, retryAfter is null ? "no" : "yes", row.Ideal, ours, most, peers);
            }
        }

        if (IsChosen(ThrottlingRows.MixedFaults))
        {
            ThrottlingOutcome ours = await MedianAsync(ThrottlingRows.MixedFaults, null, throttles: true);
            isGood &= await WriteAsync(output, ThrottlingRows.MixedFaults, "some", 0, ours, ThrottlingRows.MixedFaults.MostSeconds!.Value, await PeerAsync(ThrottlingRows.MixedFaults, null));
        }

        return isGood;
    }

    private bool IsChosen(ThrottlingRow row) => Rows is null || row.Shape.Contains(Rows, StringComparison.OrdinalIgnoreCase);

    private async Task<bool> RunNoLimitAsync(TextWriter output)
    {
        ThrottlingRow row = ThrottlingRows.NoLimit;
        ThrottlingOutcome unthrottled = await MedianAsync(row, null, throttles: false);
        ThrottlingOutcome ours = await MedianAsync(row, null, throttles: true);
        ThrottlingOutcome? peers = await PeerAsync(row, null);
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Processor seconds of {row.Calls} calls without a limit: {ours.Cpu:0.00}, without the throttle {unthrottled.Cpu:0.00}, Adobe's client {peers?.Cpu:0.00}."));
        return await WriteAsync(output, row, "–", unthrottled.Seconds, ours, 1.1 * unthrottled.Seconds, peers);
    }

    private async Task<bool> WriteAsync(TextWriter output, ThrottlingRow row, string retryAfter, double ideal, ThrottlingOutcome ours, double most, ThrottlingOutcome? peers)
    {
        List<string> misses = [];
        AddWhere(ours.Seconds > most, "time");
        AddWhere(Math.Round(ours.SentPerSuccess, 2) > row.MostSent, "sent");
        AddWhere(ours.Failed > 0, "lost");
        AddWhere(ours.LeastShare < LeastShare, "share");
        string share = row.Processes > 1 ? string.Create(CultureInfo.InvariantCulture, $"least share {ours.LeastShare:0.00} ") : "";
        string peersColumns = NodeFolder is null ? "– | | " : peers is null ? "not done | | " : string.Create(CultureInfo.InvariantCulture, $"{peers.Seconds:0.0} s | {peers.SentPerSuccess:0.00} | {peers.Failed}");
        string idealColumn = ideal == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{ideal:0.0} s");
        string timesIdeal = ideal == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({ours.Seconds / ideal:0.00} ×)");
        string mostSent = double.IsInfinity(row.MostSent) ? "–" : row.MostSent.ToString("0.##", CultureInfo.InvariantCulture);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"| {row.Shape} | {retryAfter} | {idealColumn} | {ours.Seconds:0.0} s{timesIdeal} | {most:0.0} s | {ours.SentPerSuccess:0.00} | {mostSent} | {ours.Failed} | {peersColumns} | {share}{(misses.Count == 0 ? "" : "misses: " + string.Join(", ", misses))} |"));
        await output.FlushAsync();
        return misses.Count == 0;

        void AddWhere(bool isMissed, string what)
        {
            if (isMissed)
            {
                misses.Add(what);
            }
        }
    }

    private async Task<ThrottlingOutcome> MedianAsync(ThrottlingRow row, int? retryAfter, bool throttles)
    {
        List<ThrottlingOutcome> outcomes = [];
        for (int run = 0; run < (IsQuick ? 1 : row.Runs); run++)
        {
            outcomes.Add((await RunOnceAsync(row, retryAfter, nodeFolder: null, throttles, limit: null))!);
        }

        ThrottlingOutcome median = outcomes.OrderBy(outcome => outcome.Seconds).ElementAt(outcomes.Count / 2);
        return median with { Failed = outcomes.Sum(outcome => outcome.Failed) };
    }

    private async Task<ThrottlingOutcome?> PeerAsync(ThrottlingRow row, int? retryAfter) =>
        NodeFolder is null ? null : await RunOnceAsync(row, retryAfter, NodeFolder, throttles: true, s_peersLimit);

    private static async Task<ThrottlingOutcome?> RunOnceAsync(ThrottlingRow row, int? retryAfter, string? nodeFolder, bool throttles, TimeSpan? limit)
    {
        await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(options => options.CallCapacity = 100);
        AnswerAll(TimeSpan.Zero);
        CrowdProcess[] crowds = await Task.WhenAll(Enumerable.Range(0, row.Processes).Select(_ => CrowdProcess.StartAsync(emulator.Endpoint, row, nodeFolder, throttles)));
        using CancellationTokenSource ended = new();
        try
        {
            emulator.Faults.Clear();
            emulator.Calls.Clear();
            row.Limit(emulator.Faults, retryAfter);
            AnswerAll(row.Latency);
            Task meanwhile = row.Meanwhile?.Invoke(emulator.Faults, retryAfter, ended.Token) ?? Task.CompletedTask;
            CrowdResult?[] results = await Task.WhenAll(crowds.Select(crowd => crowd.RunAsync(limit)));
            await ended.CancelAsync();
            await meanwhile.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return results.Contains(null) ? null : ThrottlingOutcome.Of(results!, emulator.Calls.Count(EmulatorOperation.Process));
        }
        finally
        {
            Array.ForEach(crowds, crowd => crowd.Dispose());
        }

        // A call without a fault succeeds, without a token and without creating a job.
        void AnswerAll(TimeSpan latency) => emulator.Faults.Share(EmulatorOperation.Process, 1, new EmulatorFault
        {
            Name = "success",
            Status = 200,
            Body = """{"ok":true,"requestId":"benchmark"}""",
            Delay = latency,
        });
    }
}
