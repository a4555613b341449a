using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace AssetExport;

/// <summary>A program that reads a file from its standard input. It is started without a shell and with a minimal environment.</summary>
/// <param name="arguments">The arguments. <c>{name}</c> in them becomes the name of the file.</param>
internal sealed class CommandDestination(string file, IReadOnlyList<string> arguments, TimeSpan timeout) : IExportDestination
{
    /// <summary>EX_TEMPFAIL of sysexits.h.</summary>
    private const int BusyExitCode = 75;
    private const int MaxProperties = 200;
    private const int MaxValueLength = 4096;
    private const int MaxOutput = 64 << 10;

    /// <summary>The environment variables that a program needs to run. All others may contain secrets.</summary>
    private static readonly string[] s_inherited = ["PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "SystemRoot", "USERPROFILE", "PATHEXT"];

    public static CommandDestination Create(IConfigurationSection section, IServiceProvider services) => new(
        section.Required("File"),
        section["Arguments"] is { } single ? [single] : [.. section.GetSection("Arguments").GetChildren().Select(static argument => argument.Value ?? "")],
        section.Duration("Timeout") ?? TimeSpan.FromMinutes(15));

    public async Task<ExportReceipt> ExportAsync(ExportItem item, CancellationToken cancellationToken)
    {
        (int exitCode, string output, string errors) = await RunAsync(item, cancellationToken);
        string said = errors.Trim() is { Length: > 0 } text ? $": {text[..Math.Min(text.Length, 500)]}" : ".";
        return exitCode switch
        {
            0 => new ExportReceipt(output.Trim().Split('\n')[0].Trim() is { Length: > 0 } location ? location : item.Name),
            BusyExitCode => throw new DestinationBusyException($"{Path.GetFileName(file)} is busy (exit code {BusyExitCode}){said}"),
            _ => throw new IOException($"{Path.GetFileName(file)} ended with {exitCode}{said}"),
        };
    }

    /// <summary>Only the program knows what it has, so it is assumed to have every file that it accepted.</summary>
    public Task<StoredExport?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult<StoredExport?>(new StoredExport(null));

    /// <summary>Only the author of the program knows what it would do with a probe file, so it gets none.</summary>
    public Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        string[] folders = file.AsSpan().ContainsAny('/', '\\') ? [""] : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(path => File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & UnixFileMode.UserExecute) != 0)) is { } found
            ? Task.FromResult($"found {found}, and did not run it") : throw new DestinationRefusedException($"There is no program '{file}', or it cannot be executed.");
    }

    private ProcessStartInfo Prepare(ExportItem item)
    {
        ProcessStartInfo start = new(file, arguments.Select(argument => argument.Replace("{name}", item.Name, StringComparison.Ordinal)))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string inherited in start.Environment.Keys.Except(s_inherited, StringComparer.Ordinal).ToArray())
        {
            start.Environment.Remove(inherited);
        }

        Add("ASSET_PATH", item.AssetPath);
        Add("ASSET_NAME", item.Name);
        Add("ASSET_TYPE", item.ContentType);
        Add("ASSET_SIZE", item.Length.ToString(CultureInfo.InvariantCulture));
        Add("ASSET_TRANSFER", item.Transfer);
        foreach ((string property, IReadOnlyList<string> values) in item.Metadata.Properties.Take(MaxProperties))
        {
            Add($"METADATA_{string.Concat(property.Select(static character => char.IsAsciiLetterOrDigit(character) ? char.ToUpperInvariant(character) : '_'))}", string.Join(",", values));
        }

        return start;

        void Add(string name, string value) => start.Environment[name] = (value.Length > MaxValueLength ? value[..MaxValueLength] : value).Replace('\0', ' ');
    }

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(ExportItem item, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        using Process process = new() { StartInfo = Prepare(item) };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw new DestinationBusyException($"{file} cannot be started: {exception.Message}", TimeSpan.FromMinutes(1), exception);
        }

        try
        {
            Task<string> output = ReadAsync(process.StandardOutput, limit.Token);
            Task<string> errors = ReadAsync(process.StandardError, limit.Token);
            try
            {
                await using Stream content = await item.OpenReadAsync(limit.Token);
                await content.CopyToAsync(process.StandardInput.BaseStream, limit.Token);
                process.StandardInput.Close();
            }
            catch (IOException) when (process.WaitForExit(TimeSpan.FromSeconds(1)) && process.ExitCode != 0)
            {
                // The program ended before it read everything. Its exit code contains the reason.
            }

            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{Path.GetFileName(file)} was stopped after {timeout}.", exception);
        }
        finally
        {
            // Kill the program before its input is closed, because the incomplete input must not look complete.
            process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Reads to the end, so that the program never blocks, and keeps the start.</summary>
    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        char[] kept = new char[MaxOutput];
        int length = await reader.ReadBlockAsync(kept, cancellationToken);
        await reader.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
        return new string(kept, 0, length);
    }
}
