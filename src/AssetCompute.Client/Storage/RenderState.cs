using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Storage;

/// <summary>
/// Which output was asked for with which instructions: one line of JSON for each, written before the request is sent. The output itself tells that it is finished, since it appears whole: it exists, and is
/// not the file that was there when it was asked for.
/// </summary>
internal sealed class RenderState : IDisposable
{
    private readonly Dictionary<string, RenderStateEntry> _entries = new(StringComparer.Ordinal);
    private readonly FileStream? _file;

    private RenderState(FileStream? file)
    {
        _file = file;
        if (file is null)
        {
            return;
        }

        using StreamReader reader = new(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 16_384, leaveOpen: true);
        while (reader.ReadLine() is { } line)
        {
            // The process may have been killed while it wrote a line.
            if (Parse(line) is { } entry)
            {
                _entries[entry.Output] = entry;
            }
        }
    }

    /// <summary>The state file in the folder that all outputs have in common; null where there are no outputs.</summary>
    /// <exception cref="ArgumentException">The outputs have no folder in common.</exception>
    public static string? DefaultPath(IReadOnlyList<RenderFile> files)
    {
        string? common = null;
        foreach (string folder in files.SelectMany(static file => file.Renditions).Select(static rendition => Path.GetDirectoryName(Path.GetFullPath(rendition.Path))!).Distinct(StringComparer.Ordinal))
        {
            common ??= folder;
            while (folder != common && !folder.StartsWith(common.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                common = Path.GetDirectoryName(common)
                    ?? throw new ArgumentException($"The outputs have no folder in common, as on two drives: set {nameof(RenderManyOptions)}.{nameof(RenderManyOptions.StateFile)}.");
            }
        }

        return common is null ? null : Path.Combine(common, ".asset-compute-state");
    }

    /// <summary>Reads a state that is not written to.</summary>
    public static RenderState Read(string? path) =>
        new(File.Exists(path) ? new FileStream(path!, FileMode.Open, FileAccess.Read, FileShare.Read) : null);

    /// <summary>Opens a state for one run.</summary>
    /// <exception cref="IOException">Another run holds it.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static RenderState Open(string path)
    {
        FileStream file;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new IOException($"The state file cannot be opened: '{path}'. Is another run using it? {exception.Message}", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new UnauthorizedAccessException(
                $"The state file cannot be written: '{path}'. Set {nameof(RenderManyOptions)}.{nameof(RenderManyOptions.StateFile)} to a file that can. {exception.Message}", exception);
        }

        RenderState state = new(file);

        // A line that was cut off by a kill must not spoil the next one.
        file.Seek(0, SeekOrigin.End);
        file.WriteByte((byte)'\n');
        return state;
    }

    public bool IsFinished(FileInfo source, FileRendition rendition, RenderOptions options)
    {
        FileInfo output = new(rendition.Path);
        return output.Exists && source.Exists
            && (_entries.TryGetValue(output.FullName, out RenderStateEntry? entry)
                ? entry.Instructions == Fingerprint(source, rendition, options) && entry.Before != output.LastWriteTimeUtc.Ticks
                : output.LastWriteTimeUtc >= source.LastWriteTimeUtc);
    }

    /// <summary>Writes down what is about to be asked for. On the disk before this returns.</summary>
    public void Begin(RenderFile file, RenderOptions options)
    {
        FileInfo source = new(file.Path);
        if (!source.Exists)
        {
            return;
        }

        lock (_entries)
        {
            foreach (FileRendition rendition in file.Renditions)
            {
                FileInfo output = new(rendition.Path);
                RenderStateEntry entry = new() { Output = output.FullName, Instructions = Fingerprint(source, rendition, options), Before = output.Exists ? output.LastWriteTimeUtc.Ticks : 0 };
                if (_entries.TryGetValue(entry.Output, out RenderStateEntry? known) && known.Instructions == entry.Instructions && known.Before == entry.Before)
                {
                    continue;
                }

                byte[] line = JsonSerializer.SerializeToUtf8Bytes(entry, AssetComputeJsonContext.Default.RenderStateEntry);
                _file!.Write(line, 0, line.Length);
                _file.WriteByte((byte)'\n');
            }

            _file!.Flush(flushToDisk: true);
        }
    }

    public void Dispose() => _file?.Dispose();

    private static RenderStateEntry? Parse(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonSerializer.Deserialize(line, AssetComputeJsonContext.Default.RenderStateEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Fingerprint(FileInfo source, FileRendition rendition, RenderOptions options)
    {
        byte[] instructions = JsonSerializer.SerializeToUtf8Bytes(rendition.Rendition, AssetComputeJsonContext.Default.Rendition);
        byte[] of = Encoding.UTF8.GetBytes(string.Format(
            CultureInfo.InvariantCulture, "{0}\n{1}\n{2}\n{3}\n", source.FullName, source.Length, source.LastWriteTimeUtc.Ticks, options.SourceMimeType));
        return Convert.ToBase64String(SHA256.HashData((byte[])[.. of, .. instructions]));
    }
}
