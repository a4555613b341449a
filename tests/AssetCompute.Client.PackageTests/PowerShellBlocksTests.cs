using System.Text.Json.Nodes;

namespace AssetCompute.Client.PackageTests;

/// <summary>Tests that each command on the pages works in PowerShell or has a PowerShell variant.</summary>
public sealed class PowerShellBlocksTests(Clone clone)
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

    [Fact]
    public async Task Block_OfEveryPage_WorksInPowerShell()
    {
        string folder = Path.Combine(clone.Around, "parsed");
        Directory.CreateDirectory(Path.Combine(folder, "blocks"));
        foreach ((int i, PowerShellBlocks.Block block) in PowerShellBlocks.All.Index())
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "blocks", $"{i:000}.ps1"), block.Lines, TestContext.Current.CancellationToken);
        }

        JsonArray results = JsonNode.Parse(await clone.PowerShell.RunAsync(folder, Parse))!.AsArray();

        Assert.Equal(PowerShellBlocks.All.Count, results.Count);
        Assert.All(PowerShellBlocks.All.Zip(results), pair => AssertWorks(pair.First, pair.Second!));
    }

    private static void AssertWorks(PowerShellBlocks.Block block, JsonNode result)
    {
        string[] problems = Texts(result["problems"]), names = Texts(result["names"]), cmdlets = Texts(result["cmdlets"]);
        Assert.True(problems.Length == 0, $"{block.Page}: {string.Join(" ", problems)}\n{block.Lines}");

        IEnumerable<string> unknown = names.Except(s_everywhere).Where(name => !block.IsPowerShell || (!cmdlets.Contains(name) && !File.Exists(Path.Combine(Repository.Root, name))));
        Assert.True(!unknown.Any(), $"{block.Page} uses {string.Join(", ", unknown)}, which PowerShell does not have. Add a block for PowerShell.\n{block.Lines}");
    }

    private static string[] Texts(JsonNode? array) => [.. (array as JsonArray ?? []).Select(text => (string)text!)];
}
