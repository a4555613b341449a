using AssetCompute.Client.Inbox;
using AssetCompute.Emulator;
using AssetExport;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for the decision on a published asset, based on its metadata.</summary>
public sealed class DecisionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("folder", "yes", ExportState.Exported)]
    [InlineData("folder", "YES", ExportState.Exported)]
    [InlineData("folder", "no", ExportState.Scheduled)]
    [InlineData("folder", null, ExportState.Scheduled)]
    [InlineData(" folder , folder", "yes", ExportState.Exported)]
    [InlineData("elsewhere", "yes", ExportState.Failed)]
    [InlineData("elsewhere", "no", ExportState.Failed)]
    [InlineData("", "yes", ExportState.Skipped)]
    [InlineData(null, "yes", ExportState.Skipped)]
    public async Task PublishedAsset_WithMetadata_IsDecidedOn(string? destination, string? immediately, ExportState expected)
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", destination, immediately);

        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForDecisionsAsync();

        ExportEntry entry = await scenario.WaitForAsync("a.txt", expected, expected == ExportState.Failed ? "elsewhere" : expected == ExportState.Skipped ? "" : "folder");
        Assert.Equal(expected == ExportState.Exported, File.Exists(scenario.FileOf("a.txt")));
        Assert.Equal(expected is ExportState.Failed or ExportState.Skipped, entry.Reason is not null);
        Assert.Equal(1, (await scenario.Ledger.CountAsync(Token)).Sum(count => count.Count));
    }

    [Fact]
    public async Task PublishedAsset_ForTwoDestinations_GoesToBoth()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        scenario["Destinations:second:Type"] = "Folder";
        scenario["Destinations:second:Path"] = scenario.Exported + "-2";
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", "folder,second");

        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForCountAsync(ExportState.Exported, 2);

        Assert.Equal(ExportScenario.ContentOf("a.txt"), await File.ReadAllBytesAsync(scenario.FileOf("a.txt"), Token));
        Assert.Equal(ExportScenario.ContentOf("a.txt"), await File.ReadAllBytesAsync(Path.Combine(scenario.Exported + "-2", "content/dam/a.txt"), Token));
    }

    [Theory]
    [InlineData("/content/dam/../../../etc/passwd")]
    [InlineData("/content/dam/a/./b.txt")]
    [InlineData("/content/dam//b.txt")]
    [InlineData("/content/dam/a\\..\\b.txt")]
    [InlineData("/content/damage/a.txt")]
    [InlineData("/etc/passwd")]
    public async Task PathOutsideOfTheAssets_IsGivenUpAndWritesNothing(string path)
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);

        await scenario.TellAsync(path);
        await ExportScenario.WaitAsync(async () => (await scenario.Inbox.ReadDeadLettersAsync(10, Token)).Count == 1, "it is no dead letter");

        Assert.False(Directory.Exists(scenario.Exported));
        Assert.Equal(0, scenario.Emulator.Calls.Count(EmulatorOperation.AemMetadata));
    }

    [Fact]
    public async Task PreviewTier_IsLeftAlone()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt");

        await scenario.TellAsync("/content/dam/a.txt", tier: "preview");
        await scenario.WaitForDecisionsAsync();

        Assert.Empty(await scenario.Ledger.CountAsync(Token));
    }

    [Fact]
    public async Task SameContentPublishedAgain_IsExportedOnce()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt");
        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForAsync("a.txt", ExportState.Exported);

        scenario.Emulator.Aem.SetMetadata("/content/dam/a.txt", new() { ["dc:title"] = "another" });
        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForDecisionsAsync();

        ExportEntry entry = await scenario.WaitForAsync("a.txt", ExportState.Exported);
        Assert.Equal(1, entry.Attempts);
        Assert.Equal(1, scenario.Emulator.Calls.Count(EmulatorOperation.AemRead));
    }

    [Fact]
    public async Task ContentThatComesBack_IsAtTheDestinationAgain()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        foreach (string content in (string[])["first", "second", "first"])
        {
            await scenario.AddAsync("a.txt", content: System.Text.Encoding.UTF8.GetBytes(content));
            await scenario.TellAsync("/content/dam/a.txt");
            await ExportScenario.WaitAsync(async () => File.Exists(scenario.FileOf("a.txt")) && await File.ReadAllTextAsync(scenario.FileOf("a.txt"), Token) == content, $"'{content}' is not there");
            await ExportScenario.WaitAsync(async () => await scenario.CountAsync(ExportState.Exporting) == 0, "it goes on");
        }

        Assert.Equal(2, await scenario.CountAsync(ExportState.Exported));
    }

    [Fact]
    public async Task NewerVersion_TakesThePlaceOfTheOneThatIsScheduled()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", immediately: "no", content: [1]);
        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForAsync("a.txt", ExportState.Scheduled);

        await scenario.AddAsync("a.txt", immediately: "yes", content: [2]);
        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForAsync("a.txt", ExportState.Exported);

        Assert.Equal(0, await scenario.CountAsync(ExportState.Scheduled));
        Assert.Equal([2], await File.ReadAllBytesAsync(scenario.FileOf("a.txt"), Token));
    }

    [Fact]
    public async Task AssetThatWasChangedSince_IsNotExportedBeforeItIsPublished()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        AemAsset first = await scenario.AddAsync("a.txt", content: [1]);
        AemAsset second = await scenario.AddAsync("a.txt", content: [2]);

        await scenario.TellAsync("/content/dam/a.txt", first.Sha1);
        await scenario.WaitForAsync("a.txt", ExportState.Skipped, "");
        Assert.False(File.Exists(scenario.FileOf("a.txt")));

        await scenario.TellAsync("/content/dam/a.txt", second.Sha1);
        await scenario.WaitForAsync("a.txt", ExportState.Exported);
        Assert.Equal([2], await File.ReadAllBytesAsync(scenario.FileOf("a.txt"), Token));
        Assert.Equal(0, await scenario.CountAsync(ExportState.Skipped));
    }

    [Fact]
    public async Task AssetThatIsGone_IsNoted()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);

        await scenario.TellAsync("/content/dam/gone.txt");

        ExportEntry entry = await scenario.WaitForAsync("gone.txt", ExportState.Skipped, "");
        Assert.Contains("no longer in AEM", entry.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AemThatRefuses_MakesADeadLetterThatCanBeTakenUpAgain()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        scenario["Export:MaxAttempts"] = "1";
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt");
        scenario.Emulator.Faults.Next(EmulatorOperation.AemMetadata, EmulatorFault.Answer(403));

        await scenario.TellAsync("/content/dam/a.txt", id: "event-1");
        await ExportScenario.WaitAsync(async () => (await scenario.Inbox.ReadDeadLettersAsync(10, Token)).Count == 1, "it is no dead letter");
        InboxDeadLetter letter = (await scenario.Inbox.ReadDeadLettersAsync(10, Token)).Single();
        using HttpResponseMessage answer = await scenario.Http.PostAsync(new Uri(scenario.Url, $"events/retry?id={letter.Id}"), null, Token);

        Assert.Contains("403", letter.Reason, StringComparison.Ordinal);
        Assert.Equal(303, (int)answer.StatusCode);
        await scenario.WaitForAsync("a.txt", ExportState.Exported);
    }
}
