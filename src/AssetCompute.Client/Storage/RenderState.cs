using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AssetCompute.Client.Serialization;

namespace AssetCompute.Client.Storage;

/// <summary>
/// The state file: the instructions of each requested output, as one line of JSON, written before the request is sent. Outputs are never partial, so the
/// output itself shows that it is finished: it exists, and is not the file that existed before the request.
/// </summary>
internal sealed class RenderState : IDisposable
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly FileStream? _file;

    private RenderState(FileStream? file)
    {
        _file = file;
        using StreamReader reader = new(file ?? Stream.Null, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 16_384, leaveOpen: true);
        while (reader.ReadLine() is { } line)
        {
            try
            {
                if (line.Length > 0 && JsonSerializer.Deserialize(line, AssetComputeJsonContext.Default.Entry) is { Output: not null } entry)
                {
                    _entries[entry.Output] = entry;
                }
            }
            catch (JsonException)
            {
                // The process was killed while it wrote the line.
            }
        }
    }

    /// <summary>Returns the state file in the common folder of all outputs; null if there are no outputs.</summary>
    /// <exception cref="ArgumentException">The outputs have no common folder.</exception>
    public static string? DefaultPath(IReadOnlyList<RenderFile> files)
    {
        string[] folders = [.. files.SelectMany(static file => file.Renditions).Select(static rendition => Path.GetDirectoryName(Path.GetFullPath(rendition.Path))!).Distinct()];
        string? common = folders.FirstOrDefault();
        while (common is not null && !Array.TrueForAll(folders, folder => RenderFile.IsWithin(folder, common)))
        {
            common = Path.GetDirectoryName(common);
        }

        return common is not null ? Path.Combine(common, ".asset-compute-state")
            : folders.Length == 0 ? null
            : throw new ArgumentException($"The outputs have no folder in common, as on two drives: set {nameof(RenderManyOptions)}.{nameof(RenderManyOptions.StateFile)}.");
    }

    /// <summary>Reads a state without opening it for writing.</summary>
    public static RenderState Read(string? path) =>
        new(File.Exists(path) ? new FileStream(path!, FileMode.Open, FileAccess.Read, FileShare.Read) : null);

    /// <summary>Opens a state for one run.</summary>
    /// <exception cref="IOException">Another run uses it, or it cannot be written.</exception>
    public static RenderState Open(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            RenderState state = new(file);

            // An incomplete line after a crash must not affect the next one.
            file.Seek(0, SeekOrigin.End);
            file.WriteByte((byte)'\n');
            return state;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The state file cannot be used: '{path}'. Is another run using it? If it cannot be written, set {nameof(RenderManyOptions)}.{nameof(RenderManyOptions.StateFile)}. {exception.Message}", exception);
        }
    }

    public bool IsFinished(FileInfo source, FileRendition rendition, RenderOptions options)
    {
        FileInfo output = new(rendition.Path);
        return output.Exists && source.Exists
            && (_entries.TryGetValue(output.FullName, out Entry? entry)
                ? entry.Instructions == Fingerprint(source, rendition, options) && entry.Before != output.LastWriteTimeUtc.Ticks
                : output.LastWriteTimeUtc >= source.LastWriteTimeUtc);
    }

    /// <summary>Writes the outputs that are about to be requested, and flushes them to the disk.</summary>
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
                Entry entry = new(output.FullName, Fingerprint(source, rendition, options), output.Exists ? output.LastWriteTimeUtc.Ticks : 0);
                byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(entry, AssetComputeJsonContext.Default.Entry), (byte)'\n'];
                _file!.Write(line, 0, line.Length);
            }

            _file!.Flush(flushToDisk: true);
        }
    }

    public void Dispose() => _file?.Dispose();

    private static string Fingerprint(FileInfo source, FileRendition rendition, RenderOptions options)
    {
        byte[] instructions = JsonSerializer.SerializeToUtf8Bytes(rendition.Rendition, AssetComputeJsonContext.Default.Rendition);
        byte[] of = Encoding.UTF8.GetBytes(string.Format(
            CultureInfo.InvariantCulture, "{0}\n{1}\n{2}\n{3}\n", source.FullName, source.Length, source.LastWriteTimeUtc.Ticks, options.SourceMimeType));
        return Convert.ToBase64String(SHA256.HashData((byte[])[.. of, .. instructions]));
    }

    /// <summary>One line of the file.</summary>
    /// <param name="Output">The full path of the output.</param>
    /// <param name="Instructions">The hash of the source's path, size and time, and of the instructions.</param>
    /// <param name="Before">The last write time of the file that existed before, in ticks; 0 if there was none.</param>
    internal sealed record Entry(string Output, string Instructions, long Before);
}
