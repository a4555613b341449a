using AssetExport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for the comparison of AEM with the destinations.</summary>
public sealed class ReconciliationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reconciliation_FindsWhatIsNotAsItShouldBe_AndRepairsIt()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        scenario["Destinations:second:Type"] = "Folder";
        scenario["Destinations:second:Path"] = scenario.Exported + "-2";
        string[] names = [.. Enumerable.Range(0, 25).Select(i => $"many/{i:00}.txt"), "kept.txt", "lost.txt", "cut.txt", "newer.txt", "moved.txt", "moved-newer.txt", "unpublished.txt"];
        await scenario.StartAsync(ExportMode.Realtime);
        foreach (string name in names)
        {
            await scenario.AddAsync(name);
        }

        scenario.Emulator.Aem.Publish(names.Where(name => name != "unpublished.txt").Select(name => $"/content/dam/{name}"));
        foreach (string name in names.Where(name => name != "unpublished.txt"))
        {
            await scenario.TellAsync($"/content/dam/{name}");
        }

        await scenario.WaitForCountAsync(ExportState.Exported, names.Length - 1);
        Assert.True((await ReconcileAsync(scenario)).IsClean);

        File.Delete(scenario.FileOf("lost.txt"));
        await File.WriteAllTextAsync(scenario.FileOf("cut.txt"), "short", Token);
        await scenario.AddAsync("newer.txt", content: [.. ExportScenario.ContentOf("newer.txt").Reverse()]);
        await scenario.AddAsync("moved-newer.txt", "second", content: [1, 2, 3]);
        scenario.Emulator.Aem.SetMetadata("/content/dam/moved.txt", new() { ["exportDestination"] = "second" });
        ReconciliationResult result = await ReconcileAsync(scenario);

        Assert.Equal(
            [
                (FindingKind.Different, "cut.txt", "folder"), (FindingKind.Missing, "lost.txt", "folder"), (FindingKind.Extra, "moved-newer.txt", "folder"),
                (FindingKind.Changed, "moved-newer.txt", "second"), (FindingKind.Extra, "moved.txt", "folder"), (FindingKind.Missing, "moved.txt", "second"), (FindingKind.Changed, "newer.txt", "folder"),
            ],
            result.Findings.Select(finding => (finding.Kind, finding.Path["/content/dam/".Length..], finding.Destination)));
        Assert.Equal(26, result.Matching);

        ReconciliationResult repaired = await ReconcileAsync(scenario, repair: true);
        Assert.All(repaired.Findings, finding => Assert.Equal(finding.Kind is FindingKind.Missing or FindingKind.Different, finding.IsRepaired));
        await ExportScenario.WaitAsync(
            async () => await ReconcileAsync(scenario) is { Pending: 0 } now && now.Findings.All(finding => finding.Kind is FindingKind.Extra or FindingKind.Changed),
            "it is not repaired");

        // An asset that was changed but not published keeps its exported version until it is published.
        Assert.Equal(ExportScenario.ContentOf("newer.txt"), await File.ReadAllBytesAsync(scenario.FileOf("newer.txt"), Token));
        Assert.False(File.Exists(Path.Combine(scenario.Exported + "-2", "content/dam/moved-newer.txt")));
        await scenario.TellAsync("/content/dam/newer.txt");
        await ExportScenario.WaitAsync(async () => (await ReconcileAsync(scenario)).Findings.All(finding => finding.Path != "/content/dam/newer.txt"), "what was published is not exported");
        Assert.Equal(ExportScenario.ContentOf("cut.txt"), await File.ReadAllBytesAsync(scenario.FileOf("cut.txt"), Token));
        Assert.False(File.Exists(scenario.FileOf("unpublished.txt")));
    }

    [Fact]
    public async Task Reconciliation_OfAnotherFolder_LooksAtNothingElse()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("one/a.txt");
        await scenario.AddAsync("two/b.txt");
        scenario.Emulator.Aem.Publish("/content/dam");

        ReconciliationResult result = await scenario.App.Services.GetRequiredService<Reconciliation>().RunAsync("/content/dam/two", repair: false, Token);

        Assert.Equal("/content/dam/two/b.txt", Assert.Single(result.Findings).Path);
    }

    private static async Task<ReconciliationResult> ReconcileAsync(ExportScenario scenario, bool repair = false)
    {
        // Like the command, uses a separate application that isn't started.
        await using WebApplication command = scenario.Build(ExportMode.Realtime);
        return await command.Services.GetRequiredService<Reconciliation>().RunAsync("/content/dam", repair, Token);
    }
}
