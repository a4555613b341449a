using System.Diagnostics;
using System.Text.Json.Nodes;
using AssetCompute.Client.StorageTests;

namespace AssetCompute.Emulator.Tests;

/// <summary>
/// Adobe's Node packages, installed once for the whole repository.
/// </summary>
public sealed class NodeFixture : IAsyncLifetime
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Node");

    public async ValueTask InitializeAsync() => await NodePackages.InstallAsync(Folder, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Runs a script with settings on its standard input, and returns the JSON of its last line.</summary>
    internal static async Task<JsonObject> RunScriptAsync(string script, JsonObject settings)
    {
        var output = await RunAsync("node", [script], settings.ToJsonString());
        return JsonNode.Parse(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!.AsObject();
    }

    /// <summary>Runs a package's unmodified end-to-end test, and returns the results from jest.</summary>
    /// <param name="package">The package, which contains the test in <c>e2e/</c>.</param>
    /// <param name="setup">A script that jest runs first.</param>
    /// <param name="environment">The environment variables of the test.</param>
    internal static async Task<JsonObject> RunEndToEndTestAsync(string package, string setup, IReadOnlyDictionary<string, string> environment)
    {
        // Jest ignores tests under node_modules, so it runs a copy.
        var copy = Path.Combine(Folder, "e2e", package);
        var original = Path.Combine(Folder, "node_modules", package);
        foreach (var file in Directory.EnumerateFiles(original, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(original, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }

        string[] arguments =
        [
            Path.Combine(Folder, "node_modules", "jest", "bin", "jest.js"), "--config", Path.Combine("e2e", "jest.config.js"), "--json", "--silent", "--watchman=false",
            "--setupFiles", Path.Combine(Folder, setup),
        ];
        return JsonNode.Parse(await RunAsync("node", arguments, "", copy, environment))!.AsObject();
    }

    private static async Task<string> RunAsync(
        string program, string[] arguments, string input, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} failed: {await output}{await errors}");
    }
}
