using System.Diagnostics;

namespace AssetCompute.Emulator;

/// <summary>The ImageMagick of this machine: found once, then run as a child process under limits.</summary>
internal sealed class ImageMagick : IDisposable
{
    /// <summary>What to do when there is none. It also stands in the events of renditions that failed for the lack of it.</summary>
    public const string InstallHint =
        "ImageMagick is not installed: run 'sudo apt-get install imagemagick', 'brew install imagemagick' or 'winget install ImageMagick.ImageMagick'.";

    private readonly EmulatorRenderingOptions _options;
    private readonly Lazy<Task<string?>> _program;
    private readonly Lock _gate = new();
    private DirectoryInfo? _configuration;

    public ImageMagick(EmulatorRenderingOptions options)
    {
        _options = options;
        _program = new(ImageMagickLocator.FindAsync);
    }

    /// <summary>The program's path, or <see langword="null"/> when there is no ImageMagick.</summary>
    public Task<string?> FindAsync() => _program.Value;

    /// <summary>Runs <c>convert</c>, or <c>magick</c> of version 7, which takes the same arguments.</summary>
    /// <exception cref="RenditionFailure">There is no ImageMagick, it failed, or it took too long.</exception>
    public async Task ConvertAsync(IReadOnlyList<string> arguments, string workingFolder, CancellationToken cancellationToken)
    {
        var program = await FindAsync() ?? throw RenditionFailure.Generic(InstallHint);
        var outcome = await ChildProcess.RunAsync(StartInfo(program, arguments, workingFolder), _options.TimeLimit, cancellationToken);
        if (outcome.ExitCode != 0 || ImageMagickErrors.IsTruncatedSource(outcome.Errors))
        {
            throw ImageMagickErrors.ToFailure(outcome.Errors, workingFolder);
        }
    }

    public void Dispose()
    {
        if (_configuration is { } folder && Directory.Exists(folder.FullName))
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>
    /// The folder with the policy. What clears temporary files of some age may have taken it from an emulator that has run for weeks,
    /// and without it the machine's own policy would rule; a new one then has a new name, which nobody could take in between.
    /// </summary>
    private string Configuration()
    {
        lock (_gate)
        {
            if (_configuration is null || !ImageMagickPolicy.IsIn(_configuration))
            {
                _configuration = ImageMagickPolicy.Write();
            }

            return _configuration.FullName;
        }
    }

    private ProcessStartInfo StartInfo(string program, IReadOnlyList<string> arguments, string workingFolder)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["MAGICK_CONFIGURE_PATH"] = Configuration();
        start.Environment["MAGICK_TEMPORARY_PATH"] = workingFolder;
        start.Environment["MAGICK_TMPDIR"] = workingFolder;

        // Several processes share the processors already; threads within each would only fight over them.
        start.Environment["MAGICK_THREAD_LIMIT"] = "1";
        start.Environment["OMP_NUM_THREADS"] = "1";

        // Plain numbers: a letter after them would be read as a thousand, a million or more.
        start.Environment["MAGICK_MEMORY_LIMIT"] = $"{_options.MaxMemoryBytes}";
        start.Environment["MAGICK_MAP_LIMIT"] = $"{_options.MaxMemoryBytes}";
        start.Environment["MAGICK_DISK_LIMIT"] = $"{_options.MaxMemoryBytes}";
        start.Environment["MAGICK_AREA_LIMIT"] = $"{_options.MaxPixels}";
        start.Environment["MAGICK_TIME_LIMIT"] = $"{(long)Math.Ceiling(_options.TimeLimit.TotalSeconds)}";
        return start;
    }
}
