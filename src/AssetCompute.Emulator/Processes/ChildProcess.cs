using System.Diagnostics;
using System.Text;

namespace AssetCompute.Emulator;

/// <summary>Runs a program to its end, or kills it with all its children when its time is over.</summary>
internal static class ChildProcess
{
    /// <summary>How much of what a program says is kept.</summary>
    private const int MaxText = 16 * 1024;

    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        ProcessStartInfo start, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = start };
        process.Start();
        process.StandardInput.Close();

        // A process lives in real time, whatever clock the emulator was given.
        using var deadline = new CancellationTokenSource(timeLimit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var output = ReadAsync(process.StandardOutput);
        var errors = ReadAsync(process.StandardError);
        try
        {
            await process.WaitForExitAsync(either.Token);
            return (process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            await Task.WhenAll(output, errors);
            cancellationToken.ThrowIfCancellationRequested();
            throw new ProcessTimeoutException(timeLimit);
        }
    }

    /// <summary>Reads to the end, so that the program never waits for a full pipe, and keeps the beginning.</summary>
    public static async Task<string> ReadAsync(StreamReader reader)
    {
        var kept = new StringBuilder();
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer, CancellationToken.None)) > 0)
        {
            kept.Append(buffer, 0, Math.Min(read, MaxText - kept.Length));
        }

        return kept.ToString();
    }
}
