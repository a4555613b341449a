using System.Diagnostics;

namespace AssetCompute.Emulator.Tests;

/// <summary>Runs a test under each test host: the render worker must not depend on the host's files or runtime settings.</summary>
public sealed class TestHostTests
{
    private const string Test = nameof(RenderWorkerTests) + "." + nameof(RenderWorkerTests.Workers_start_with_the_first_rendition_serve_many_and_end_with_the_emulator);

    private static readonly string Tests = Path.Combine(AppContext.BaseDirectory, "AssetCompute.Emulator.Tests");

    [Fact]
    public Task Worker_starts_under_xunit_itself() => RunAsync(Tests + (OperatingSystem.IsWindows() ? ".exe" : ""), "-method", $"AssetCompute.Emulator.Tests.{Test}");

    [Fact]
    public Task Worker_starts_under_VSTest() => RunAsync("dotnet", "vstest", Tests + ".dll", $"--TestCaseFilter:FullyQualifiedName~{Test}");

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);

            var output = string.Concat(texts);
            Assert.True(process.ExitCode == 0, output);
            Assert.Matches("Total: 1,|Passed: +1", output);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
