namespace AssetExport;

/// <summary>
/// The folder for temporary files of this process. A lock file is held while the process lives, so that the next start can identify the folders of killed
/// processes.
/// </summary>
/// <param name="parent">The parent folder.</param>
/// <param name="logger">Logs folders that cannot be removed.</param>
internal sealed class WorkFolder(string parent, ILogger<WorkFolder> logger) : IDisposable
{
    private const string Prefix = "asset-export-work-";
    private const string LockName = "lock";

    // A folder without a lock file may belong to a process that is just creating it.
    private static readonly TimeSpan s_unlockedAge = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private DirectoryInfo? _folder;
    private FileStream? _lock;

    /// <summary>Creates an empty folder that only this user can read.</summary>
    public DirectoryInfo CreateFolder()
    {
        lock (_gate)
        {
            while (_folder is null)
            {
                DirectoryInfo folder = CreatePrivate(parent, Prefix);
                try
                {
                    _lock = new FileStream(Path.Combine(folder.FullName, LockName), FileMode.CreateNew, FileAccess.Write, FileShare.None);
                    _folder = folder;
                }
                catch (DirectoryNotFoundException)
                {
                    // Another process removed it just before it was locked.
                }
            }

            return CreatePrivate(_folder.FullName, "");
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
            foreach (DirectoryInfo folder in new DirectoryInfo(parent).EnumerateDirectories($"{Prefix}*").Where(IsLeft))
            {
                Remove(folder);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            ExportLog.NotRemoved(logger, exception, parent);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_folder is not null)
            {
                Remove(_folder);
                _lock?.Dispose();
                _folder = null;
            }
        }
    }

    private static bool IsLeft(DirectoryInfo folder)
    {
        try
        {
            using FileStream free = new(Path.Combine(folder.FullName, LockName), FileMode.Open, FileAccess.Write, FileShare.None);
            return true;
        }
        catch (FileNotFoundException)
        {
            return DateTime.UtcNow - folder.CreationTimeUtc > s_unlockedAge;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The folder is in use, belongs to another user, or is gone.
            return false;
        }
    }

    private static DirectoryInfo CreatePrivate(string parent, string prefix)
    {
        string path = Path.Combine(parent, $"{prefix}{Guid.NewGuid():N}");
        return OperatingSystem.IsWindows() ? Directory.CreateDirectory(path) : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
