using AssetCompute.Emulator;
using AssetExport;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for a program as a destination. The program is a script that the test writes, started without a shell.</summary>
public sealed class CommandDestinationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Program_GetsTheFileItsNameAndItsMetadata_AndNoneOfTheSecrets()
    {
        await using ExportScenario scenario = await CreateAsync("""cat > "$OUT/file"; env > "$OUT/env"; printf '%s\n' "$@" > "$OUT/arguments"; echo "shelf 7" """);
        Environment.SetEnvironmentVariable("ASSET_EXPORT_TEST_SECRET", "s3cret");
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.Emulator.Aem.AddAssetAsync("/content/dam/it's; $(rm -rf x).txt", "content"u8.ToArray(), metadata: new() { ["exportDestination"] = "command", ["exportImmediately"] = "yes", ["dc:title"] = "A title\nof two lines" }, cancellationToken: Token);

        await scenario.TellAsync("/content/dam/it's; $(rm -rf x).txt");
        ExportEntry entry = await scenario.WaitForAsync("it's; $(rm -rf x).txt", ExportState.Exported, "command");

        string folder = scenario.Exported;
        string environment = await File.ReadAllTextAsync(Path.Combine(folder, "env"), Token);
        Assert.Equal("shelf 7", entry.Location);
        Assert.Equal("content", await File.ReadAllTextAsync(Path.Combine(folder, "file"), Token));
        Assert.Equal("--name=content/dam/it's; $(rm -rf x).txt\n", await File.ReadAllTextAsync(Path.Combine(folder, "arguments"), Token));
        Assert.Contains("METADATA_DC_TITLE=A title\nof two lines\n", environment, StringComparison.Ordinal);
        Assert.Contains("ASSET_PATH=/content/dam/it's; $(rm -rf x).txt\n", environment, StringComparison.Ordinal);
        Assert.Contains("ASSET_SIZE=7\n", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("emulator-secret", environment, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cat >/dev/null; echo later >&2; exit 75", ExportState.Waiting, "later", 0)]
    [InlineData("cat >/dev/null; echo 'no shelf left' >&2; exit 3", ExportState.Failed, "ended with 3: no shelf left", 3)]
    [InlineData("echo 'I do not read' >&2; exit 4", ExportState.Failed, "ended with 4: I do not read", 3)]
    [InlineData("cat >/dev/null; sleep 600", ExportState.Failed, "was stopped after 00:00:01", 3)]
    public async Task Program_ThatDoesNotSucceed_IsToldByItsExitCode(string script, ExportState state, string reason, int attempts)
    {
        await using ExportScenario scenario = await CreateAsync(script);
        scenario["Destinations:command:Timeout"] = "00:00:01";
        await scenario.StartAsync(ExportMode.Realtime);
        await scenario.AddAsync("a.txt", "command", content: new byte[200_000]);

        await scenario.TellAsync("/content/dam/a.txt");
        ExportEntry? entry = null;
        await ExportScenario.WaitAsync(async () => (entry = (await scenario.Ledger.RecentAsync(state, 1, Token)).SingleOrDefault(entry => entry.Reason?.Contains(reason, StringComparison.Ordinal) == true)) is not null, $"it is not {state} with '{reason}'");

        Assert.Equal(attempts, entry!.Attempts);
    }

    [Fact]
    public async Task Probe_OfAProgram_LooksWhetherItIsThere()
    {
        await using ExportScenario scenario = await CreateAsync("exit 0");
        scenario["Destinations:missing:Type"] = "Command";
        scenario["Destinations:missing:File"] = "no-such-program";
        scenario["Destinations:missing:Arguments:0"] = "{name}";
        await scenario.StartAsync(ExportMode.Realtime);

        Assert.Contains("sh", await scenario.Destination("command").Target.ProbeAsync(Token), StringComparison.Ordinal);
        await Assert.ThrowsAsync<DestinationRefusedException>(() => scenario.Destination("missing").Target.ProbeAsync(Token));
    }

    private static async Task<ExportScenario> CreateAsync(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script is one of a Unix shell.");
        ExportScenario scenario = await ExportScenario.CreateAsync();
        Directory.CreateDirectory(scenario.Exported);
        scenario["Destinations:command:Type"] = "Command";
        scenario["Destinations:command:File"] = "sh";
        scenario["Destinations:command:Arguments:0"] = "-c";
        scenario["Destinations:command:Arguments:1"] = $"OUT='{scenario.Exported}'; {script}";
        scenario["Destinations:command:Arguments:2"] = "sh";
        scenario["Destinations:command:Arguments:3"] = "--name={name}";
        return scenario;
    }
}
