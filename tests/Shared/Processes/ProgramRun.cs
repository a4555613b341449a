using System.Diagnostics;
using System.Text;

namespace AssetCompute.Client.Processes;

/// <summary>A program that has run to its end.</summary>
/// <param name="ExitCode">What it ended with.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="Errors">What it wrote as errors.</param>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    // Ten times what a publish takes on a busy machine.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(30);

    /// <summary>Runs a program, and expects that it succeeds.</summary>
    /// <inheritdoc cref="OfAsync" path="/param"/>
    /// <returns>What it wrote.</returns>
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

    /// <summary>Sends SIGINT, as Ctrl+C does. Send it once: a program that gets it again while it stops ends at once, with 130.</summary>
    /// <param name="process">The process to interrupt.</param>
    public static void Interrupt(Process process)
    {
        using Process kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Runs a program to its end; one that does not end is killed with all that it started.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="folder">Where it starts. Default: where the tests run.</param>
    /// <param name="environment">Environment variables to set. Default: none.</param>
    /// <param name="onLine">Told each line of output, and the process that wrote it. Default: nobody is.</param>
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
