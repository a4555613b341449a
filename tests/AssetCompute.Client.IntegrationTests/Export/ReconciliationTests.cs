using AssetExport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>AEM compared with the destinations.</summary>
public sealed class ReconciliationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reconciliation_FindsWhatIsNotAsItShouldBe_AndRepairsIt()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        scenario["Destinations:second:Type"] = "Folder";
        scenario["Destinations:second:Path"] = scenario.Exported + "-2";
        string[] names = [.. Enumerable.Range(0, 25).Select(i => $"many/{i:00}.txt"), "kept.txt", "lost.txt", "cut.txt", "newer.txt", "moved.txt", "unpublished.txt"];
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
        scenario.Emulator.Aem.SetMetadata("/content/dam/moved.txt", new Dictionary<string, string?> { ["exportDestination"] = "second" });
        ReconciliationResult result = await ReconcileAsync(scenario);

        Assert.Equal(
            [
                (FindingKind.Different, "cut.txt", "folder"), (FindingKind.Missing, "lost.txt", "folder"), (FindingKind.Extra, "moved.txt", "folder"),
                (FindingKind.Missing, "moved.txt", "second"), (FindingKind.Different, "newer.txt", "folder"),
            ],
            result.Findings.Select(finding => (finding.Kind, finding.Path["/content/dam/".Length..], finding.Destination)));
        Assert.Equal(26, result.Matching);

        await ReconcileAsync(scenario, repair: true);
        await ExportScenario.WaitAsync(
            async () => await ReconcileAsync(scenario) is { Pending: 0 } now && now.Findings.All(finding => finding.Kind == FindingKind.Extra),
            "it is not repaired");
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
        // As the command does: in an application of its own, that is not started.
        await using WebApplication command = scenario.Build(ExportMode.Realtime);
        return await command.Services.GetRequiredService<Reconciliation>().RunAsync("/content/dam", repair, Token);
    }
}
