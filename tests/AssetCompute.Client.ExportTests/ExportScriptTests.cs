using System.Diagnostics;
using System.Globalization;
using System.Text;
using AssetCompute.Client.Tests;

namespace AssetCompute.Client.ExportTests;

/// <summary>
/// Tests that the small demonstration exports all assets with each database, and that it leaves no processes or files, even when interrupted.
/// samples/export.sh builds the demonstration and replaces itself with it.
/// One test starts the script; the others start the demonstration directly.
/// </summary>
public sealed class ExportScriptTests : IDisposable
{
    private const string Configuration =
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    private static readonly string s_program = Path.Combine(RepositoryRoot.Path, "samples", "AssetExport.Demo", "bin", Configuration, "net10.0", "AssetExport.Demo.dll");
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(20);

    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("script-");
    private readonly StringBuilder _output = new();
    private readonly Process _script = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _script.Kill(entireProcessTree: true);
        _script.Dispose();
        _temporary.Delete(recursive: true);
    }

    [Fact(Timeout = 1800_000)]
    public async Task Script_in_its_small_form_exports_everything_and_says_so()
    {
        Start(Path.Combine(RepositoryRoot.Path, "samples", "export.sh"), ["--assets", "20", "--sqlite"]);

        await AssertExportsEverythingAsync();
    }

    [Fact(Timeout = 1800_000)]
    public async Task Demonstration_on_PostgreSQL_exports_everything_and_says_so()
    {
        Start("dotnet", [s_program, "--assets", "20"]);

        await AssertExportsEverythingAsync();
    }

    [Theory(Timeout = 1800_000)]
    [InlineData("Starting Azurite")]
    [InlineData("assets are published")]
    public async Task Demonstration_that_is_stopped_by_Ctrl_C_leaves_nothing(string after)
    {
        Start("dotnet", [s_program, "--assets", "40"]);
        for (long started = Stopwatch.GetTimestamp(); !Output().Contains(after, StringComparison.Ordinal);)
        {
            Assert.False(_script.HasExited, Output());
            Assert.True(Stopwatch.GetElapsedTime(started) < s_patience, $"'{after}' did not come:\n{Output()}");
            await Task.Delay(20, Cancellation);
        }

        using (Process kill = Process.Start("kill", ["-s", "INT", _script.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(Cancellation);
        }

        Assert.True(await EndedAsync() == 130, Output());
        Assert.Contains("Stopped.", Output(), StringComparison.Ordinal);
        Assert.Empty(Leftovers());
    }

    private async Task AssertExportsEverythingAsync()
    {
        Assert.True(await EndedAsync() == 0, Output());
        Assert.Contains("the application was killed (kill -9)", Output(), StringComparison.Ordinal);
        Assert.Matches("assets published +│ +20 ", Output());
        Assert.Matches("missing +│ +0 ", Output());
        Assert.Matches("duplicates +│ +0 ", Output());
        Assert.Contains("22 correct, 0 still to be exported, 0 not correct.", Output(), StringComparison.Ordinal);
        Assert.Contains("All 22 exports arrived", Output(), StringComparison.Ordinal);
        Assert.Empty(Leftovers());
    }

    private void Start(string program, IEnumerable<string> arguments)
    {
        // PostgreSQL runs as a separate user when the tests run as root.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_temporary.FullName, (UnixFileMode)0b111_101_101);
        }

        _script.StartInfo = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["CONFIGURATION"] = Configuration, ["NO_COLOR"] = "1", ["TMPDIR"] = _temporary.FullName, ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" },
        };
        _script.OutputDataReceived += Add;
        _script.ErrorDataReceived += Add;
        _script.Start();
        _script.BeginOutputReadLine();
        _script.BeginErrorReadLine();

        void Add(object sender, DataReceivedEventArgs line)
        {
            lock (_output)
            {
                _output.AppendLine(line.Data);
            }
        }
    }

    private string Output()
    {
        lock (_output)
        {
            return _output.ToString();
        }
    }

    private async Task<int> EndedAsync()
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(s_patience);
        try
        {
            await _script.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!Cancellation.IsCancellationRequested)
        {
            Assert.Fail($"The script did not end within {s_patience}:\n{Output()}");
        }

        return _script.ExitCode;
    }

    /// <summary>Files and folders that the demonstration creates. Files that a build creates are ignored.</summary>
    private IEnumerable<string> Leftovers() => _temporary.EnumerateFileSystemInfos().Select(static item => item.Name)
        .Where(static name => name.StartsWith("pg-", StringComparison.Ordinal) || name.StartsWith("asset-", StringComparison.Ordinal)
            || name.StartsWith("clr-debug-pipe-", StringComparison.Ordinal) || name.StartsWith("dotnet-diagnostic-", StringComparison.Ordinal));
}
