using System.Diagnostics;

namespace AssetCompute.Emulator.Rendering;

/// <summary>The Ghostscript of this machine, for the first pages of PDF files.</summary>
internal static class Ghostscript
{
    /// <summary>Dots an inch: a page of A4 becomes 1240×1754 pixels.</summary>
    private const int Resolution = 150;

    private static readonly string[] Names = OperatingSystem.IsWindows() ? ["gswin64c.exe", "gswin32c.exe"] : ["gs"];

    private static volatile Process? _running;

    public static void FirstPage(string pdf, string png)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists)
            ?? throw RenderFailure.FormatUnsupported("No transformers match input format: application/pdf (Ghostscript is not installed).");

        // SAFER: the file that is interpreted may name no other file, and start no program.
        string[] arguments = ["-dSAFER", "-dBATCH", "-dNOPAUSE", "-dQUIET", "-sDEVICE=pngalpha", "-dFirstPage=1", "-dLastPage=1", $"-r{Resolution}", "-o", png, pdf];
        var folder = Path.GetDirectoryName(png)!;
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TMPDIR"] = folder;
        using var process = Process.Start(start)!;
        _running = process;
        try
        {
            // The worker's own input is for requests, and a full pipe would stop the program: what it says is read and left.
            process.StandardInput.Close();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            process.WaitForExit();
        }
        finally
        {
            _running = null;
        }

        if (process.ExitCode != 0 || !File.Exists(png))
        {
            throw RenderFailure.SourceCorrupt("The PDF cannot be read.");
        }
    }

    /// <summary>Ends it together with the worker.</summary>
    public static void Kill()
    {
        try
        {
            _running?.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has just ended.
        }
    }
}
