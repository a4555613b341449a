using System.Diagnostics;
using System.Text;

namespace AssetCompute.Client.Processes;

/// <summary>A completed run of a program.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">The standard output.</param>
/// <param name="Errors">The standard error.</param>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    // Ten times the duration of a publish on a busy machine.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(30);

    /// <summary>Runs a program, and fails unless it succeeds.</summary>
    /// <inheritdoc cref="OfAsync" path="/param"/>
    /// <returns>The standard output.</returns>
    public static async Task<string> CheckAsync(
        string program,
        IReadOnlyCollection<string> arguments,
        string folder,
        IReadOnlyDictionary<string, string>? environment = null,
        Action<string, Process>? onLine = null)
    {
        ProgramRun run = await OfAsync(program, arguments, s_limit, folder, environment, onLine);
        Assert.True(run.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {run.ExitCode}:\n{run.Output}{run.Errors}");
        return run.Output;
    }

    /// <summary>Sends SIGINT, like Ctrl+C. Send it only once: a second signal during shutdown ends some programs immediately with 130.</summary>
    /// <param name="process">The process to interrupt.</param>
    public static void Interrupt(Process process)
    {
        using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Runs a program to completion. Kills it with all its child processes if it exceeds the limit.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="limit">The maximum duration.</param>
    /// <param name="folder">The working directory. Default: that of the tests.</param>
    /// <param name="environment">Environment variables to set. Default: none.</param>
    /// <param name="onLine">A callback for each line of output, with the process that wrote it. Default: none.</param>
    public static async Task<ProgramRun> OfAsync(
        string program,
        IEnumerable<string> arguments,
        TimeSpan limit,
        string? folder = null,
        IReadOnlyDictionary<string, string>? environment = null,
        Action<string, Process>? onLine = null)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder ?? "", RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using CancellationTokenSource cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancellation.CancelAfter(limit);
        using Process process = Process.Start(start)!;
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellation.Token);
            StringBuilder output = new();
            while (await process.StandardOutput.ReadLineAsync(cancellation.Token) is { } line)
            {
                output.AppendLine(line);
                onLine?.Invoke(line, process);
            }

            await process.WaitForExitAsync(cancellation.Token);
            return new ProgramRun(process.ExitCode, output.ToString(), await errors);
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
