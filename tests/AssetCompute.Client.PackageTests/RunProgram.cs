using System.Diagnostics;
using System.Text;

namespace AssetCompute.Client.PackageTests;

/// <summary>Runs other programs to their end.</summary>
internal static class RunProgram
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs a program, and expects that it succeeds.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Where it starts.</param>
    /// <param name="variables">Environment variables to set.</param>
    /// <param name="onLine">Told each line, and the process that wrote it.</param>
    /// <returns>What it wrote.</returns>
    public static async Task<string> CheckAsync(string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> variables, Action<string, Process>? onLine = null)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(s_limit);
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
            Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}:\n{output}{await errors}");
            return output.ToString();
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
