using System.Diagnostics;
using System.Text;

namespace AssetCompute.Client.IntegrationTests.Samples;

/// <summary>A sample, run as its user runs it: as a process of its own.</summary>
internal sealed class SampleProgram
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    private SampleProgram(int exitCode, string output, string errors)
    {
        ExitCode = exitCode;
        Output = output;
        Errors = errors;
    }

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    public int ExitCode { get; }

    public string Output { get; }

    public string Errors { get; }

    /// <param name="folder">The folder to start in.</param>
    /// <param name="arguments">The program's arguments.</param>
    /// <param name="environment">Environment variables to set.</param>
    /// <param name="onLine">Told each line of output, and the process that wrote it.</param>
    /// <param name="sample">The name of the sample.</param>
    public static async Task<SampleProgram> RunAsync(
        string folder,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        Action<string, Process>? onLine = null,
        string sample = "Quickstart")
    {
        // Built by the same "dotnet" command as these tests, so into the folder of the same name: bin/<configuration>/<framework>.
        string program = Path.Combine(Root, "samples", sample, "bin", Path.GetRelativePath(TestBin, AppContext.BaseDirectory), sample + ".dll");
        Assert.True(File.Exists(program), $"Build the solution first: there is no '{program}'.");
        ProcessStartInfo start = new("dotnet", [program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return await RunAsync(start, onLine);
    }

    /// <summary>Runs ImageMagick's <c>identify</c>: by default format, width and height of a picture.</summary>
    public static async Task<string> IdentifyAsync(string path, string format = "%m %w %h")
    {
        SampleProgram identify = await RunAsync(
            new ProcessStartInfo("identify", ["-format", format, path]) { RedirectStandardOutput = true, RedirectStandardError = true },
            onLine: null);
        Assert.True(identify.ExitCode == 0, identify.Errors);
        return identify.Output.Trim();
    }

    /// <summary>Runs ImageMagick's <c>convert</c>, which makes a picture also of a file that is cut off, and complains.</summary>
    public static async Task ConvertAsync(string from, string to)
    {
        await RunAsync(new ProcessStartInfo("convert", [from, "-quality", "85", to]) { RedirectStandardOutput = true, RedirectStandardError = true }, onLine: null);
        Assert.True(File.Exists(to), $"ImageMagick has not written '{to}'.");
    }

    private static string TestBin => Path.Combine(Root, "tests", "AssetCompute.Client.IntegrationTests", "bin");

    private static async Task<SampleProgram> RunAsync(ProcessStartInfo start, Action<string, Process>? onLine)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeLimit);
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            StringBuilder output = new();
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                output.AppendLine(line);
                onLine?.Invoke(line, process);
            }

            await process.WaitForExitAsync(limit.Token);
            return new SampleProgram(process.ExitCode, output.ToString(), await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AssetCompute.Client.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests were not built inside the repository.");
    }
}
