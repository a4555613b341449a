using System.Text.Json.Nodes;
using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Emulator;
using AssetExport;
using Spectre.Console.Testing;

namespace AssetCompute.Client.IntegrationTests.Export;

/// <summary>Tests for the <c>init</c> and <c>check</c> commands with scripted terminal input.</summary>
public sealed class SetupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string ConfigFile => _folder.File("export.json");

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact]
    public async Task Init_WithAnswers_WritesAFileThatPassesTheCheck()
    {
        await using AssetComputeEmulator emulator = await StartAsync();
        using TestConsole console = Terminal("", "emulator@AdobeOrg", "emulator-client", "emulator-secret", "", "batch", await JournalOfAsync(emulator),
            emulator.Aem.Endpoint.AbsoluteUri, "", "", "Folder", _folder.File("exported"), "", _folder.File("export.db"));

        Assert.True(await ExportCommandLine.RunAsync(["init", "--config", ConfigFile, .. Endpoints(emulator)], console, Token) == 0, console.Output);

        Log(console);
        Assert.DoesNotContain("emulator-secret", console.Output, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ConfigFile));
        }

        JsonNode written = JsonNode.Parse(await File.ReadAllTextAsync(ConfigFile, Token))!;
        Assert.Equal("emulator-secret", (string)written["AssetCompute"]!["ClientSecrets"]!);
        Assert.Equal("openid,AdobeID,adobeio_api,event_receiver_api", (string)written["AssetCompute"]!["Scopes"]!);
        Assert.Equal("Folder", (string)written["Destinations"]!["archive"]!["Type"]!);

        using TestConsole check = Terminal();
        Assert.True(await ExportCommandLine.RunAsync(["check", "--config", ConfigFile], check, Token) == 0, check.Output);
        Log(check);
        Assert.All((string[])["database", "account", "journal", "AEM", "destination 'archive'"], name => Assert.Matches($"{name} +│ ok", check.Output));
        Assert.Empty(Directory.GetFiles(_folder.File("exported"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Init_WithAWrongAnswer_SaysWhatToDoAndAsksAgain()
    {
        await using AssetComputeEmulator emulator = await StartAsync();
        await File.WriteAllTextAsync(_folder.File("file"), "No folder.", Token);
        using TestConsole console = Terminal("", "emulator@AdobeOrg", "emulator-client", "wrong", "", "again", "", "", "emulator-secret", "",
            "sometimes", "batch", "nonsense", "https://127.0.0.1:1/journal", "again", "", await JournalOfAsync(emulator),
            emulator.Aem.Endpoint.AbsoluteUri, "", "", "Folder", _folder.File("file"), "again", "", _folder.File("exported"), "no", _folder.File("export.db"));

        Assert.True(await ExportCommandLine.RunAsync(["init", "--config", ConfigFile, .. Endpoints(emulator)], console, Token) == 0, console.Output);

        Log(console);
        Assert.Contains("failed account", console.Output, StringComparison.Ordinal);
        Assert.Contains("It must be one of batch, realtime, both.", console.Output, StringComparison.Ordinal);
        Assert.Contains("It must be an https URL", console.Output, StringComparison.Ordinal);
        Assert.Contains("failed destination 'archive'", console.Output, StringComparison.Ordinal);
        Assert.Equal("emulator-secret", (string)JsonNode.Parse(await File.ReadAllTextAsync(ConfigFile, Token))!["AssetCompute"]!["ClientSecrets"]!);
    }

    [Fact]
    public async Task Init_WithADestinationThatIsKeptAlthoughItFails_GoesOnWithTheOthers()
    {
        await using AssetComputeEmulator emulator = await StartAsync();
        using TestConsole console = Terminal("", "emulator@AdobeOrg", "emulator-client", "emulator-secret", "", "batch", await JournalOfAsync(emulator),
            emulator.Aem.Endpoint.AbsoluteUri, "", "", "Sftp", "127.0.0.1", "1", "me", _folder.File("none"), "", "", "keep", "yes",
            "", "other", "Folder", _folder.File("exported"), "no", _folder.File("export.db"));

        Assert.True(await ExportCommandLine.RunAsync(["init", "--config", ConfigFile, .. Endpoints(emulator)], console, Token) == 1, console.Output);

        Log(console);
        Assert.Contains("failed destination 'archive'", console.Output, StringComparison.Ordinal);
        Assert.Contains("ok destination 'other'", console.Output, StringComparison.Ordinal);
        Assert.Contains("ok database", console.Output, StringComparison.Ordinal);
        JsonNode written = JsonNode.Parse(await File.ReadAllTextAsync(ConfigFile, Token))!;
        Assert.Equal("Sftp", (string)written["Destinations"]!["archive"]!["Type"]!);
        Assert.Equal("Folder", (string)written["Destinations"]!["other"]!["Type"]!);
    }

    [Fact]
    public async Task Init_ThatIsStopped_WritesNothing()
    {
        await using AssetComputeEmulator emulator = await StartAsync();
        using TestConsole console = Terminal("", "emulator@AdobeOrg", "emulator-client", "wrong", "", "stop");

        Assert.Equal(1, await ExportCommandLine.RunAsync(["init", "--config", ConfigFile, .. Endpoints(emulator)], console, Token));

        Assert.Contains("Nothing was written.", console.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(ConfigFile));
    }

    [Theory]
    [InlineData("emulator-secret", 0)]
    [InlineData("wrong", 1)]
    public async Task Init_WithFlags_AsksNothing(string secret, int expected)
    {
        await using AssetComputeEmulator emulator = await StartAsync();
        string[] flags = await FlagsAsync(emulator, secret);
        using TestConsole console = Terminal();

        Assert.True(await ExportCommandLine.RunAsync(["init", "--no-input", "--config", ConfigFile, .. flags], console, Token) == expected, console.Output);

        Assert.Equal(expected == 0, File.Exists(ConfigFile));
        Assert.Equal(expected == 1 ? 0 : 2, await ExportCommandLine.RunAsync(["init", "--no-input", "--config", ConfigFile, .. await FlagsAsync(emulator, "emulator-secret")], console, Token));
    }

    [Theory]
    [InlineData("--journal")]
    [InlineData("--aem")]
    [InlineData("--client-id")]
    [InlineData("--type")]
    public async Task Init_WithoutInputAndAFlag_EndsWithTwo(string left)
    {
        await using AssetComputeEmulator emulator = await StartAsync();
        List<string> flags = [.. await FlagsAsync(emulator, "emulator-secret")];
        int place = flags.IndexOf(left);
        flags.RemoveRange(place, 2);
        if (left == "--type")
        {
            flags.RemoveRange(flags.IndexOf("--set"), 2);
        }

        using TestConsole console = Terminal();

        Assert.Equal(2, await ExportCommandLine.RunAsync(["init", "--no-input", "--config", ConfigFile, .. flags], console, Token));

        Assert.False(File.Exists(ConfigFile));
    }

    [Theory]
    [InlineData("AssetCompute:ClientSecrets", "wrong", "account")]
    [InlineData("Journal:Url", "http://127.0.0.1:1/journal", "journal")]
    [InlineData("Aem:Author", "http://127.0.0.1:1/", "AEM")]
    [InlineData("Destinations:archive:Path", "{file}", "destination 'archive'")]
    [InlineData("Database", "{file}/export.db", "settings")]
    public async Task Check_OfWhatIsWrong_FailsThereAndSaysWhatToDo(string key, string value, string expected)
    {
        await using AssetComputeEmulator emulator = await StartAsync();
        using TestConsole console = Terminal();
        Assert.Equal(0, await ExportCommandLine.RunAsync(["init", "--no-input", "--config", ConfigFile, .. await FlagsAsync(emulator, "emulator-secret")], console, Token));
        await File.WriteAllTextAsync(_folder.File("file"), "No folder.", Token);
        JsonNode settings = JsonNode.Parse(await File.ReadAllTextAsync(ConfigFile, Token))!;
        Set(settings, key.Split(':'), value.Replace("{file}", _folder.File("file"), StringComparison.Ordinal));
        await File.WriteAllTextAsync(ConfigFile, settings.ToJsonString(), Token);
        using TestConsole check = Terminal();

        int exitCode = await ExportCommandLine.RunAsync(["check", "--json", "--config", ConfigFile], check, Token);

        JsonArray findings = JsonNode.Parse(check.Output)!.AsArray();
        Assert.True(exitCode == 1, check.Output);
        JsonNode failed = findings.First(static finding => (string)finding!["result"]! == "Failed")!;
        Assert.Equal(expected, (string)failed["check"]!);
        Assert.NotEqual("", (string)failed["advice"]!);
        Assert.DoesNotContain("emulator-secret", check.Output, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper!.WriteLine(failed.ToJsonString());
    }

    private static void Set(JsonNode node, string[] key, string value)
    {
        JsonNode parent = key[..^1].Aggregate(node, static (current, part) => current[part]!);
        parent[key[^1]] = value;
    }

    private static TestConsole Terminal(params string[] answers)
    {
        TestConsole console = new TestConsole().Interactive();
        console.Profile.Width = 200;
        foreach (string answer in answers)
        {
            console.Input.PushTextWithEnter(answer);
        }

        return console;
    }

    private static void Log(TestConsole console) => TestContext.Current.TestOutputHelper!.WriteLine(console.Output);

    private static Task<AssetComputeEmulator> StartAsync() => AssetComputeEmulator.StartAsync(
        static options =>
        {
            options.Rendering.Mode = EmulatorRenderingMode.None;
            options.Journal.RetryAfter = TimeSpan.Zero;
        },
        Token);

    private static async Task<string> JournalOfAsync(AssetComputeEmulator emulator) => (await emulator.Aem.Registrations.AddAsync(new EventRegistrationSettings(), Token)).JournalUrl.AbsoluteUri;

    private static string[] Endpoints(AssetComputeEmulator emulator) => ["--set", $"AssetCompute:Endpoint={emulator.Endpoint}", "--set", $"AssetCompute:ImsEndpoint={emulator.ImsEndpoint}"];

    private async Task<string[]> FlagsAsync(AssetComputeEmulator emulator, string secret) =>
    [
        "--organization", "emulator@AdobeOrg", "--client-id", "emulator-client", "--client-secret", secret, "--mode", "batch", "--journal", await JournalOfAsync(emulator),
        "--aem", emulator.Aem.Endpoint.AbsoluteUri, "--type", "Folder", "--set", $"Path={_folder.File("exported")}", "--database", _folder.File("export.db"), .. Endpoints(emulator),
    ];
}
