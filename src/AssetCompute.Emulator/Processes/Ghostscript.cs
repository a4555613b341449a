using System.Diagnostics;

namespace AssetCompute.Emulator;

/// <summary>The Ghostscript of this machine, for the first pages of PDF files.</summary>
internal sealed class Ghostscript(EmulatorRenderingOptions options)
{
    /// <summary>Dots an inch: a page of A4 becomes 1240×1754 pixels.</summary>
    private const int Resolution = 150;

    private static readonly string[] Names = OperatingSystem.IsWindows() ? ["gswin64c.exe", "gswin32c.exe"] : ["gs"];

    private readonly string? _program = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    public bool IsInstalled => _program is not null;

    public Task FirstPageAsync(string pdf, string png, CancellationToken cancellationToken) =>
        RunAsync(["-sDEVICE=pngalpha", "-dFirstPage=1", "-dLastPage=1", $"-r{Resolution}"], pdf, png, cancellationToken);

    private async Task RunAsync(string[] device, string input, string output, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(_program!)
        {
            WorkingDirectory = Path.GetDirectoryName(output)!,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        // SAFER: the file that is interpreted may name no other file, and start no program.
        foreach (var argument in (string[])["-dSAFER", "-dBATCH", "-dNOPAUSE", "-dQUIET", .. device, "-o", output, input])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["TMPDIR"] = Path.GetDirectoryName(output)!;
        var outcome = await ChildProcess.RunAsync(start, options.TimeLimit, cancellationToken);
        if (outcome.ExitCode != 0 || !File.Exists(output))
        {
            throw RenditionFailure.SourceCorrupt("The PDF cannot be read.");
        }
    }
}
