using System.Diagnostics;

namespace AssetCompute.Emulator.Rendering;

/// <summary>Runs the Ghostscript of this machine to render the first pages of PDF files.</summary>
internal static class Ghostscript
{
    /// <summary>The resolution in dots per inch. An A4 page becomes 1240×1754 pixels.</summary>
    private const int Resolution = 150;

    private static readonly string[] Names = OperatingSystem.IsWindows() ? ["gswin64c.exe", "gswin32c.exe"] : ["gs"];

    private static volatile Process? _running;

    public static void FirstPage(string pdf, string png)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists)
            ?? throw RenditionFailure.FormatUnsupported("No transformers match input format: application/pdf (Ghostscript is not installed).");

        // SAFER: the file cannot access other files or start programs.
        string[] arguments = ["-dSAFER", "-dBATCH", "-dNOPAUSE", "-dQUIET", "-sDEVICE=pngalpha", "-dFirstPage=1", "-dLastPage=1", $"-r{Resolution}", "-o", png, pdf];
        var folder = Path.GetDirectoryName(png)!;
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TMPDIR"] = folder;
        using var process = Process.Start(start)!;
        _running = process;

        // The worker's own input is for requests, and a full pipe would block the program, so its output is read and discarded.
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        if (process.ExitCode != 0 || !File.Exists(png))
        {
            throw RenditionFailure.SourceCorrupt("The PDF cannot be read.");
        }
    }

    /// <summary>Kills Ghostscript when the worker ends.</summary>
    public static void Kill()
    {
        try
        {
            _running?.Kill();
        }
        catch (InvalidOperationException)
        {
            // The process has ended.
        }
    }
}
