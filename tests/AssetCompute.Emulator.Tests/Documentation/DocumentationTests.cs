using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace AssetCompute.Emulator.Tests;

/// <summary>Checks the emulator's pages: the named tests exist, the sample runs, and the emulator accepts the script.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Text = Read("emulator.md");

    [Fact]
    public void Every_test_that_the_table_names_exists()
    {
        var named = TestName().Matches(Read("emulator-tests.md")).Select(match => (Type: match.Groups[1].Value, Method: match.Groups[2].Value)).Distinct().ToArray();
        var types = typeof(DocumentationTests).Assembly.GetTypes().ToLookup(type => type.Name);

        Assert.True(named.Length > 40, $"{named.Length} tests are named");
        Assert.All(named, test => Assert.Contains(types[test.Type].SelectMany(type => type.GetMethods()), method => method.Name == test.Method));
    }

    [Fact]
    public void Sample_is_the_one_that_runs()
    {
        var sample = Read("FixtureSample.cs.txt");
        var shown = sample[sample.IndexOf("public sealed class EmulatorFixture", StringComparison.Ordinal)..].Trim();

        Assert.Contains(shown, Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Worker_is_the_one_that_runs() =>
        Assert.Contains(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "NodeWorker", "worker.mjs")).ReplaceLineEndings("\n").Trim(), Read("emulator-workers.md"), StringComparison.Ordinal);

    [Fact]
    public async Task Script_is_taken_as_a_whole()
    {
        using var folder = new TempFolder();
        using var key = RSA.Create(2048);
        var script = Script().Match(Read("emulator-faults.md")).Groups[1].Value.Replace("-----BEGIN PUBLIC KEY-----…", key.ExportSubjectPublicKeyInfoPem().ReplaceLineEndings("\\n"), StringComparison.Ordinal);
        await File.WriteAllTextAsync(folder["script.json"], script, TestContext.Current.CancellationToken);

        await using var emulator = await AssetComputeEmulator.StartAsync(options => options.ScriptFile = folder["script.json"], TestContext.Current.CancellationToken);

        using var http = new HttpClient { BaseAddress = emulator.Endpoint };
        using var faults = await http.GetAsync("/emulator/faults", TestContext.Current.CancellationToken);
        var described = (await ServiceClient.JsonAsync(faults))["faults"]!.AsArray().Select(fault => fault!.GetValue<string>()).ToArray();
        Assert.All(["Process", "Journal", "BlobWrite", "Token", "Webhooks"], part => Assert.Contains(described, fault => fault.StartsWith(part, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_control_call_is_in_a_table()
    {
        var source = File.ReadAllText(Path.Combine(TestFiles.Root, "src", "AssetCompute.Emulator", "Control", "ControlEndpoints.cs"));
        var calls = Route().Matches(source).Select(route => route.Groups[1].Value).Distinct().ToArray();

        Assert.True(calls.Length > 5, $"{calls.Length} routes are found");
        Assert.All(calls, call => Assert.Contains($" /emulator{call}` |", Text, StringComparison.Ordinal));
    }

    private static string Read(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Documentation", name)).ReplaceLineEndings("\n");

    [GeneratedRegex("routes\\.Map\\(\"[A-Z]+\", \"([^\"]+)\"")]
    private static partial Regex Route();

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex(@"`([A-Z]\w*(?:Tests|Sample))\.(\w+)`")]
    private static partial Regex TestName();
}
