using System.ComponentModel;
using System.Diagnostics;

namespace AssetCompute.Emulator;

/// <summary>
/// Finds ImageMagick in the search path. A program called <c>convert</c> may be something else (on Windows it converts file
/// systems), so each is asked for its version, and a real installation has <c>identify</c> beside it.
/// </summary>
internal static class ImageMagickLocator
{
    private static readonly TimeSpan ProbeTimeLimit = TimeSpan.FromSeconds(10);

    public static async Task<string?> FindAsync()
    {
        var extension = OperatingSystem.IsWindows() ? ".exe" : "";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in new[] { "magick", "convert" })
        {
            foreach (var folder in folders)
            {
                var candidate = Path.Combine(folder, name + extension);
                var hasCompanion = name == "magick" || File.Exists(Path.Combine(folder, "identify" + extension));
                if (hasCompanion && File.Exists(candidate) && await IsImageMagickAsync(candidate))
                {
                    return candidate;
                }
            }
        }

        return null;
    }

    private static async Task<bool> IsImageMagickAsync(string program)
    {
        var start = new ProcessStartInfo(program, ["-version"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            var outcome = await ChildProcess.RunAsync(start, ProbeTimeLimit, CancellationToken.None);
            return outcome.ExitCode == 0 && outcome.Output.Contains("ImageMagick", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is Win32Exception or ProcessTimeoutException)
        {
            return false;
        }
    }
}
