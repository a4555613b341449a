using System.Text;

namespace AssetCompute.Client;

/// <summary>
/// Stores positions in files of a folder, one for each name. Each save writes a new file, flushes it to the disk and replaces the old one, so the old or the
/// new position survives a crash. A lock file prevents a second process from using a name.
/// </summary>
/// <param name="folder">The path of the folder. It must be on a persistent disk. It is created if it does not exist.</param>
/// <exception cref="ArgumentException"><paramref name="folder"/> is null or empty.</exception>
public sealed class FileJournalCheckpointStore(string folder) : IJournalCheckpointStore, IDisposable
{
    private const int MaxNameCharacters = 100;
    private readonly string _folder = folder is { Length: > 0 } ? Path.GetFullPath(folder) : throw new ArgumentException("The folder must have a path.", nameof(folder));
    private readonly object _gate = new();
    private readonly Dictionary<string, FileStream> _locks = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <inheritdoc/>
    public ValueTask<JournalPosition?> LoadAsync(string name, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<JournalPosition?>(Use<JournalPosition?>(name, "read from", "To start without it, delete the file.", static path =>
        {
            if (!File.Exists(path))
            {
                return null;
            }

            // A complete file ends with a newline.
            string text = File.ReadAllText(path, Encoding.UTF8);
            return text.Length > 0 && text[text.Length - 1] == '\n' ? JournalPosition.Parse(text.TrimEnd('\n')) : throw new FormatException("The end of the file is missing.");
        }));
    }

    /// <inheritdoc/>
    public ValueTask SaveAsync(string name, JournalPosition position, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Use(name, "written to", "Events since the last checkpoint will be handled again.", path =>
        {
            string next = path + ".next";
            using (FileStream file = new(next, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                byte[] text = Encoding.UTF8.GetBytes(position + "\n");
                file.Write(text, 0, text.Length);
                file.Flush(flushToDisk: true);
            }

            File.Move(next, path, overwrite: true);
            return true;
        });
        return default;
    }

    /// <summary>Releases all names, so that another process can use them.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (FileStream held in _locks.Values)
            {
                held.Dispose();
            }

            _locks.Clear();
        }
    }

    /// <summary>Uses the file of a name, under the lock.</summary>
    private T Use<T>(string name, string verb, string advice, Func<string, T> use)
    {
        CheckName(name);
        string path = Path.Combine(_folder, name + ".checkpoint");
        lock (_gate)
        {
            try
            {
                Hold(name, path);
                return use(path);
            }
            catch (Exception exception) when (exception is IOException and not JournalCheckpointException or UnauthorizedAccessException or FormatException)
            {
                throw new JournalCheckpointException($"The checkpoint '{name}' cannot be {verb} {path}: {exception.Message} {advice}", exception);
            }
        }
    }

    private void Hold(string name, string path)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_locks.ContainsKey(name))
        {
            return;
        }

        Directory.CreateDirectory(_folder);
        path += ".lock";
        try
        {
            _locks[name] = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (File.Exists(path))
        {
            throw new JournalCheckpointException($"Another process or host uses the checkpoint '{name}': stop it, or use another name or folder here. ({exception.Message})");
        }
    }

    /// <exception cref="ArgumentException">The name is not valid for a checkpoint.</exception>
    internal static void CheckName(string name, string parameter = "name")
    {
        ArgumentNullException.ThrowIfNull(name, parameter);
        if (name.Length is 0 || name.Length > MaxNameCharacters || name[0] == '.' || !name.All(IsInNames))
        {
            throw new ArgumentException($"'{name}' is not a valid name of a checkpoint: it must have 1 to {MaxNameCharacters} letters, digits, '-', '_' and '.', and not start with '.'.", parameter);
        }
    }

    internal static bool IsInNames(char character) =>
        character is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_' or '.';
}
