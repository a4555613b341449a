namespace AssetExport;

/// <summary>
/// The folder of this process for files that it needs for a while. Its lock file is held for as long as the process lives, so that the next start can tell what a killed one
/// has left.
/// </summary>
/// <param name="parent">The folder that it is made in.</param>
/// <param name="logger">Is told what cannot be removed.</param>
internal sealed class WorkFolder(string parent, ILogger<WorkFolder> logger) : IDisposable
{
    private const string Prefix = "asset-export-work-";
    private const string LockName = "lock";

    // A folder without a lock file may be that of a process which is just making it.
    private static readonly TimeSpan s_unlockedAge = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private DirectoryInfo? _folder;
    private FileStream? _lock;

    /// <summary>A new, empty folder, which only this user may read.</summary>
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
                    // Somebody has tidied up the moment before it was locked.
                }
            }

            return CreatePrivate(_folder.FullName, "");
        }
    }

    /// <summary>Removes a folder. That it cannot be removed is no reason to give up what was done in it.</summary>
    public void Remove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody has done so.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            ExportLog.NotRemoved(logger, exception, folder.FullName);
        }
    }

    /// <summary>Removes what processes have left that were killed.</summary>
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
            // It is in use, somebody else's, or gone.
            return false;
        }
    }

    private static DirectoryInfo CreatePrivate(string parent, string prefix)
    {
        string path = Path.Combine(parent, $"{prefix}{Guid.NewGuid():N}");
        return OperatingSystem.IsWindows() ? Directory.CreateDirectory(path) : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
