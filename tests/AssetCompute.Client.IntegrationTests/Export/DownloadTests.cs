using AssetCompute.Emulator;
using AssetExport;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for downloads of originals from AEM, including interrupted and failed downloads.</summary>
public sealed class DownloadTests
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 500_000).Select(i => (byte)(i * 31))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ConnectionThatBreaks_IsTakenUpWhereItBroke()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.bin", content: Content);
        scenario.Emulator.Faults.Next(EmulatorOperation.AemRead, EmulatorFault.Truncate());

        await scenario.TellAsync("/content/dam/a.bin");
        ExportEntry entry = await scenario.WaitForAsync("a.bin", ExportState.Exported);

        Assert.Equal(1, entry.Attempts);
        Assert.Equal(Content, await File.ReadAllBytesAsync(scenario.FileOf("a.bin"), Token));
        EmulatorCall[] reads = [.. scenario.Emulator.Calls.Of(EmulatorOperation.AemRead)];
        Assert.Equal(2, reads.Length);
        Assert.Equal(206, reads[1].Status);
    }

    [Fact]
    public async Task AssetThatIsReplacedInTheMiddle_IsNeverMixed()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.bin", content: Content);
        byte[] other = [.. Content.Reverse()];
        scenario.Emulator.Faults.Next(EmulatorOperation.AemRead, EmulatorFault.Truncate() with { Delay = TimeSpan.FromMilliseconds(300) });

        await scenario.TellAsync("/content/dam/a.bin");
        await scenario.Emulator.Calls.WaitAsync(call => call.Operation == EmulatorOperation.AemRead, Token);
        await scenario.AddAsync("a.bin", content: other);

        ExportEntry entry = await scenario.WaitForAsync("a.bin", ExportState.Skipped);
        Assert.Contains("changed in AEM", entry.Reason, StringComparison.Ordinal);
        Assert.False(File.Exists(scenario.FileOf("a.bin")));
        Assert.Empty(Directory.EnumerateFiles(scenario.Exported, "*", SearchOption.AllDirectories));

        await scenario.TellAsync("/content/dam/a.bin");
        await scenario.WaitForAsync("a.bin", ExportState.Exported);
        Assert.Equal(other, await File.ReadAllBytesAsync(scenario.FileOf("a.bin"), Token));
    }

    [Fact]
    public async Task AssetThatIsNotWhatItShouldBe_IsNotExportedWhateverTheDestinationMakesOfIt()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync(services: static services => services.AddExportDestination("Careless", static (_, _) => new CarelessDestination()));
        scenario["Destinations:careless:Type"] = "Careless";
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.bin", "careless", content: Content);
        scenario.Emulator.Aem.SetMetadata("/content/dam/a.bin", new() { ["dam:sha1"] = new string('0', 40) });

        await scenario.TellAsync("/content/dam/a.bin");
        ExportEntry failed = await scenario.WaitForAsync("a.bin", ExportState.Failed, "careless");

        Assert.Contains("The SHA-1 of '/content/dam/a.bin' is", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(3, failed.Attempts);
    }

    [Fact]
    public async Task TokenThatWasRevoked_IsRenewed()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt");
        await scenario.AddAsync("b.txt");
        await scenario.TellAsync("/content/dam/a.txt");
        await scenario.WaitForAsync("a.txt", ExportState.Exported);

        scenario.Emulator.RevokeTokens();
        await scenario.TellAsync("/content/dam/b.txt");

        Assert.Equal(1, (await scenario.WaitForAsync("b.txt", ExportState.Exported)).Attempts);
    }

    [Fact]
    public async Task EmptyAsset_IsExported()
    {
        await using ExportScenario scenario = await ExportScenario.CreateAsync();
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("empty.txt", content: []);

        await scenario.TellAsync("/content/dam/empty.txt");
        await scenario.WaitForAsync("empty.txt", ExportState.Exported);

        Assert.Equal(0, new FileInfo(scenario.FileOf("empty.txt")).Length);
    }

    /// <summary>Ignores a read error and reports a successful export.</summary>
    private sealed class CarelessDestination : IExportDestination
    {
        public async Task<ExportReceipt> ExportAsync(ExportItem item, CancellationToken cancellationToken)
        {
            await using Stream content = await item.OpenReadAsync(cancellationToken);
            try
            {
                await content.CopyToAsync(Stream.Null, cancellationToken);
            }
            catch (IOException)
            {
                return new ExportReceipt("half of it");
            }

            return new ExportReceipt(item.Name);
        }

        public Task<StoredExport?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult<StoredExport?>(null);
    }
}
