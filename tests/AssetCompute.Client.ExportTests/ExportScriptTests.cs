using System.Diagnostics;

namespace AssetCompute.Client.ExportTests;

public sealed class ExportScriptTests
{
    private const string Configuration =
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    [Fact(Timeout = 300_000)]
    public async Task Script_in_its_small_form_exports_everything_and_says_so()
    {
        using Process script = Process.Start(new ProcessStartInfo(ScriptFile(), ["--assets", "20", "--sqlite"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["CONFIGURATION"] = Configuration, ["NO_COLOR"] = "1" },
        })!;
        string[] output = await Task.WhenAll(
            script.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), script.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await script.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(script.ExitCode == 0, string.Concat(output));
        Assert.Contains("the application was killed (kill -9)", output[0], StringComparison.Ordinal);
        Assert.Matches("published +│ +20 ", output[0]);
        Assert.Matches("missing +│ +0 ", output[0]);
        Assert.Matches("duplicates +│ +0 ", output[0]);
        Assert.Contains("22 as they should be, 0 still to be exported, 0 not as they should be.", output[0], StringComparison.Ordinal);
    }

    private static string ScriptFile()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AssetCompute.Client.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("The repository is not above the tests."), "samples", "export.sh");
    }
}
