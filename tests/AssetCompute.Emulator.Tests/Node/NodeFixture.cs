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

    /// <summary>Runs a script with settings on its standard input and returns the JSON of its last line.</summary>
    internal static async Task<JsonObject> RunScriptAsync(string script, JsonObject settings)
    {
        var output = await RunAsync("node", [script], settings.ToJsonString());
        return JsonNode.Parse(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!.AsObject();
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} failed: {await output}{await errors}");
    }
}
