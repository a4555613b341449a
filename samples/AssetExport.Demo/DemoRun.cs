using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AssetCompute.Emulator;
using Spectre.Console;

namespace AssetExport.Demo;

/// <summary>Runs the demo: publish, export, kill, restart, compare, report.</summary>
internal sealed class DemoRun(ExportScene scene, IAnsiConsole console)
{
    private const int MaxConcurrentDeliveries = 8;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    /// <summary>How long the application is down: long enough for deliveries to fail.</summary>
    private static readonly TimeSpan s_outage = TimeSpan.FromSeconds(1);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(int assets, bool keep, CancellationToken cancellationToken)
    {
        // Lower than the number of concurrent deliveries from the emulator, so that some are refused and retried, as in practice.
        scene.Settings["Webhook:MaxConcurrentDeliveries"] = MaxConcurrentDeliveries.ToString(CultureInfo.InvariantCulture);
        byte[] photograph = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "photos", "picos-de-europa.jpg"), cancellationToken);
        foreach (string destination in scene.Destinations)
        {
            await scene.AddAssetAsync($"picos-de-europa-{destination}.jpg", photograph, destination, isImmediate: true, cancellationToken);
        }

        await scene.AddAssetsAsync(assets - scene.Destinations.Count, cancellationToken);
        ApplicationProcess application = await scene.StartApplicationAsync("both", cancellationToken);
        EventRegistrationStatus status = await scene.Registration.EnableAsync(cancellationToken);
        console.WriteLine($"AEM (emulator):  {scene.Emulator.Endpoint}");
        console.WriteLine($"Status page:     {scene.ApplicationUrl}");
        if (status != EventRegistrationStatus.Active)
        {
            throw new InvalidOperationException($"The webhook did not answer the challenge: {scene.Registration.StatusReason}");
        }

        long started = Stopwatch.GetTimestamp();
        console.WriteLine($"{scene.Publish()} assets are published: {scene.ExpectedExports} exports. The photograph is Aitzol Berasategi's (CC BY 4.0, see photos/CREDITS.md).");
        await WaitAsync(application, counts => counts.Exported >= scene.ExpectedExports / 3, cancellationToken);
        await application.KillAsync();
        console.WriteLine($"{Elapsed(started)}: the application was killed (kill -9).");
        await Task.Delay(s_outage, cancellationToken);
        application = await scene.StartApplicationAsync("both", cancellationToken);
        console.WriteLine($"{Elapsed(started)}: the application was started again.");
        Counts counts = await WaitAsync(application, counts => counts.Exported + counts.Failed + counts.Skipped >= scene.ExpectedExports && counts.Exporting == 0, cancellationToken);
        console.WriteLine($"{Elapsed(started)}: done.");

        bool isComplete = await ReportAsync(counts, cancellationToken);
        if (keep)
        {
            console.WriteLine($"Everything keeps running until you press Ctrl+C. Status page: {scene.ApplicationUrl}");
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        return isComplete ? 0 : 1;
    }

    private async Task<bool> ReportAsync(Counts counts, CancellationToken cancellationToken)
    {
        SceneComparison comparison = await scene.CompareAsync(cancellationToken);
        (int exitCode, string output) = await scene.ReconcileAsync(cancellationToken);
        int byWebhook = scene.Registration.Attempts.Where(static attempt => attempt.Outcome == WebhookOutcome.Delivered).SelectMany(static attempt => attempt.EventIds).Distinct(StringComparer.Ordinal).Count();

        Table table = new Table().Border(TableBorder.Rounded).AddColumns("events", "");
        table.Columns[1].RightAligned();
        AddRow(table, "assets published", scene.Assets.Count);
        AddRow(table, "received by webhook", byWebhook);
        AddRow(table, "received only from the journal", scene.Assets.Count - byWebhook);
        AddRow(table, $"deliveries answered with 503 (no more than {MaxConcurrentDeliveries} at once)", scene.Registration.Attempts.Count(static attempt => attempt.Status == 503));
        AddRow(table, "deliveries while the application was down", scene.Registration.Attempts.Count(static attempt => attempt.Status is null));
        AddSection(table, "exports (some assets go to two destinations)");
        AddRow(table, "requested by the metadata", scene.ExpectedExports);
        AddRow(table, "done, according to the application", counts.Exported);
        AddRow(table, "failed, according to the application", counts.Failed + counts.Skipped);
        AddSection(table, "files at the destinations, read back and compared with AEM");
        foreach ((string destination, int matching) in comparison.Matching.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            AddRow(table, $"in '{destination}', with AEM's SHA-1", matching);
        }

        AddRow(table, "missing", comparison.Missing.Count);
        AddRow(table, "different", comparison.Different.Count);
        AddRow(table, "duplicates", comparison.Duplicates.Count);
        AddRow(table, "bytes compared", comparison.Bytes);
        console.Write(table);
        foreach (string finding in comparison.Missing.Select(static item => $"missing: {item}").Concat(comparison.Different.Select(static item => $"different: {item}")).Concat(comparison.Duplicates.Select(static item => $"duplicate: {item}")))
        {
            console.WriteLine(finding);
        }

        console.WriteLine($"The application's own comparison (reconcile): {output.Trim()}");
        bool isComplete = comparison.IsClean && exitCode == 0 && counts.Failed + counts.Skipped == 0;
        console.WriteLine(isComplete
            ? $"All {scene.ExpectedExports} exports arrived, each once and byte for byte, although the application was killed in the middle."
            : "Some exports are missing or wrong: see above.");
        return isComplete;
    }

    private static void AddSection(Table table, string name)
    {
        table.AddEmptyRow();
        table.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), Text.Empty);
    }

    private static void AddRow(Table table, string name, long value) => table.AddRow(name, value.ToString("N0", CultureInfo.InvariantCulture));

    private static string Elapsed(long started) => string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds,5:F1} s");

    private static async Task<Counts> WaitAsync(ApplicationProcess application, Func<Counts, bool> condition, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        return Counts.Read(await application.WaitAsync(status => condition(Counts.Read(status)), patience.Token));
    }

    private sealed record Counts(int Exported, int Exporting, int Failed, int Skipped)
    {
        public static Counts Read(JsonNode status)
        {
            JsonNode totals = status["totals"]!;
            return new Counts(totals["exported"]!.GetValue<int>(), totals["exporting"]!.GetValue<int>(), totals["failed"]!.GetValue<int>(), totals["skipped"]!.GetValue<int>());
        }
    }
}
