using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Emulator;

namespace AssetCompute.Client.PackageTests;

/// <summary>Tests that each command on the pages works in PowerShell or has a PowerShell variant.</summary>
public sealed partial class PowerShellBlocksTests(Clone clone)
{
    /// <summary>Programs that take the same arguments in each shell. The script for all tests in README.md requires Linux or macOS.</summary>
    private static readonly string[] s_everywhere = ["dotnet", "cd", "node", "nats-server", "trimmed/Quickstart", "asset-compute-emulator", "tests/run.sh"];

    /// <summary>Parses each file in a folder and lists syntax errors, commands, and unknown parameters.</summary>
    private const string Parse = """
        Get-ChildItem blocks -Filter *.ps1 | Sort-Object Name | ForEach-Object {
            $errors = $null; $tokens = $null
            $tree = [System.Management.Automation.Language.Parser]::ParseFile($_.FullName, [ref]$tokens, [ref]$errors)
            $problems = @($errors | ForEach-Object Message)
            $names = @()
            foreach ($command in $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
                $name = $command.GetCommandName()
                $names += $name
                $known = Get-Command $name -CommandType Cmdlet -ErrorAction Ignore
                if ($known) {
                    foreach ($parameter in $command.CommandElements | Where-Object { $_ -is [System.Management.Automation.Language.CommandParameterAst] }) {
                        if (-not $known.Parameters.ContainsKey($parameter.ParameterName)) { $problems += "$name has no parameter $($parameter.ParameterName)" }
                    }
                }
            }
            [pscustomobject]@{ problems = $problems; names = $names; cmdlets = @($names | Where-Object { Get-Command $_ -CommandType Cmdlet -ErrorAction Ignore }) }
        } | ConvertTo-Json -Depth 4 -AsArray
        """;

    /// <summary>
    /// Runs each file in a folder, in another folder. Functions replace the programs that take the same arguments in each shell, and print their arguments and
    /// the settings in the environment.
    /// </summary>
    private const string Run = """
        function Show($program, $arguments) {
            "$program $arguments"
            Get-ChildItem Env: | Where-Object Name -Match '__|^NODE_' | ForEach-Object { "$($_.Name)=$($_.Value)" }
            $global:LASTEXITCODE = 0
        }
        function node { Show node $args }
        function dotnet {
            Show dotnet $args
            if ($args[0] -eq 'new') { $null = New-Item -ItemType Directory -Force $args[-1] }
        }
        Get-ChildItem blocks -Filter *.ps1 | Sort-Object Name | ForEach-Object {
            Push-Location asset-compute-client
            & $_.FullName
            Pop-Location
        }
        """;

    [Fact]
    public async Task Block_ForPowerShell_Runs()
    {
        string folder = Path.Combine(clone.Around, "run");
        string repository = Directory.CreateDirectory(Path.Combine(folder, "asset-compute-client")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(repository, "samples"), Path.Combine(clone.Folder, "samples"));
        File.Copy(Repository.Photograph, Path.Combine(repository, "photo.jpg"));
        string cached = Directory.CreateDirectory(Path.Combine(folder, ".nuget", "packages", "assetcompute.client")).FullName;
        string settings = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "first-renditions")).FullName, "nuget.config");
        await File.WriteAllTextAsync(settings, "<configuration />", TestContext.Current.CancellationToken);
        await using AssetComputeEmulator emulator = await EmulatorWithoutRendering.StartAsync();
        await using AssetComputeClient assetCompute = AssetComputeClient.Create(options => options.UseEmulator(emulator.Endpoint));
        await assetCompute.RegisterAsync(TestContext.Current.CancellationToken);
        await using RunningSample web = await RunningSample.StartAsync("WebApi", folder, []);
        PowerShellBlocks.Block[] blocks = [.. PowerShellBlocks.All.Where(static block => block.IsPowerShell)];
        await WriteAsync(folder, blocks.Select(block => emulator.Addressed(block.Lines).Replace("http://127.0.0.1:5080/", web.Address.AbsoluteUri, StringComparison.Ordinal)));

        string output = await clone.PowerShellAsync(folder, Run, ("HOME", folder));

        string[] shown = [.. output.Split('\n').Select(static line => line.TrimEnd('\r'))];
        Assert.All(
            blocks.SelectMany(block => Setting().Matches(emulator.Addressed(block.Lines))),
            setting => Assert.Contains($"{setting.Groups["name"].Value}={setting.Groups["value"].Value}", shown));
        Assert.Contains(shown, static line => line.EndsWith("--account <source URL> <target URL>", StringComparison.Ordinal));
        Assert.NotEmpty(emulator.Aem.Registrations);
        Assert.True(File.Exists(Path.Combine(folder, "first-tests", "nuget.config")));
        Assert.NotEmpty(await File.ReadAllBytesAsync(Path.Combine(repository, "card.jpg"), TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(cached));
    }

    [Fact]
    public async Task Block_OfEveryPage_WorksInPowerShell()
    {
        string folder = Path.Combine(clone.Around, "parsed");
        await WriteAsync(folder, PowerShellBlocks.All.Select(static block => block.Lines));

        JsonArray results = JsonNode.Parse(await clone.PowerShellAsync(folder, Parse))!.AsArray();

        Assert.Equal(PowerShellBlocks.All.Count, results.Count);
        Assert.All(PowerShellBlocks.All.Zip(results), pair => AssertWorks(pair.First, pair.Second!));
    }

    private static async Task WriteAsync(string folder, IEnumerable<string> blocks)
    {
        Directory.CreateDirectory(Path.Combine(folder, "blocks"));
        foreach ((int i, string lines) in blocks.Index())
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "blocks", $"{i:000}.ps1"), lines, TestContext.Current.CancellationToken);
        }
    }

    private static void AssertWorks(PowerShellBlocks.Block block, JsonNode result)
    {
        string[] problems = Texts(result["problems"]), names = Texts(result["names"]), cmdlets = Texts(result["cmdlets"]);
        Assert.True(problems.Length == 0, $"{block.Page}: {string.Join(" ", problems)}\n{block.Lines}");

        IEnumerable<string> unknown = names.Except(s_everywhere).Where(name => !block.IsPowerShell || (!cmdlets.Contains(name) && !File.Exists(Path.Combine(Repository.Root, name))));
        Assert.True(!unknown.Any(), $"{block.Page} uses {string.Join(", ", unknown)}, which PowerShell does not have. Add a block for PowerShell.\n{block.Lines}");
    }

    [GeneratedRegex(@"^\$env:(?<name>\w+) = '(?<value>.*)'$", RegexOptions.Multiline)]
    private static partial Regex Setting();

    private static string[] Texts(JsonNode? array) => [.. (array as JsonArray ?? []).Select(text => (string)text!)];
}
