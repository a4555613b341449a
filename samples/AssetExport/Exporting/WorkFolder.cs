namespace AssetExport;

/// <summary>Temporary files of this process. A locked file beside the folder shows that its process lives; the next start removes the others.</summary>
internal sealed class WorkFolder(string parent, ILogger<WorkFolder> logger) : IDisposable
{
    private const string Prefix = "asset-export-work-";

    private readonly string _path = Path.Combine(parent, $"{Prefix}{Guid.NewGuid():N}");
    private readonly Lock _gate = new();
    private FileStream? _lock;

    /// <summary>Creates an empty folder that only this user can read.</summary>
    public DirectoryInfo CreateFolder()
    {
        lock (_gate)
        {
            // Locked before the folder exists, so no other process takes it for a leftover.
            _lock ??= Open(_path, FileMode.CreateNew);
            CreatePrivate(_path);
            return CreatePrivate(Path.Combine(_path, Guid.NewGuid().ToString("N")));
        }
    }

    /// <summary>Removes a folder. An error does not affect the work that was done in it.</summary>
    public void Remove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Already removed.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            ExportLog.NotRemoved(logger, exception, folder.FullName);
        }
    }

    /// <summary>Removes the folders of killed processes.</summary>
    public void RemoveLeftovers()
    {
        try
        {
            foreach (DirectoryInfo folder in new DirectoryInfo(parent).EnumerateDirectories($"{Prefix}*"))
            {
                try
                {
                    using FileStream free = Open(folder.FullName, FileMode.OpenOrCreate);
                    Remove(folder);
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    // The folder is in use, or belongs to another user.
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            ExportLog.NotRemoved(logger, exception, parent);
        }
    }

    public void Dispose()
    {
        if (_lock is not null)
        {
            Remove(new DirectoryInfo(_path));
            _lock.Dispose();
        }
    }

    private static FileStream Open(string folder, FileMode mode) => new($"{folder}.lock", mode, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);

    private static DirectoryInfo CreatePrivate(string path) =>
        OperatingSystem.IsWindows() ? Directory.CreateDirectory(path) : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
