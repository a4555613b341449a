namespace AssetExport;

/// <summary>A temporary folder that only this user can read. A locked file in it shows that its process lives; the next start removes the others.</summary>
internal sealed class WorkFolder : IDisposable
{
    private const string Prefix = "asset-export-work-";

    private readonly ILogger _logger;
    private readonly FileStream _lock;

    public WorkFolder(string parent, ILogger logger)
    {
        _logger = logger;
        FullName = Path.Combine(parent, $"{Prefix}{Guid.NewGuid():N}");
        _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(FullName) : Directory.CreateDirectory(FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _lock = OpenLock(FullName, FileMode.CreateNew);
    }

    public string FullName { get; }

    /// <summary>Removes the folders of killed processes.</summary>
    public static void RemoveLeftovers(string parent)
    {
        foreach (string folder in Directory.EnumerateDirectories(parent, $"{Prefix}*", new EnumerationOptions()))
        {
            try
            {
                OpenLock(folder, FileMode.Open).Dispose();
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The folder is in use, or belongs to another user.
            }
        }
    }

    /// <summary>Removes the folder. An error does not affect the work that was done in it.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        try
        {
            Directory.Delete(FullName, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            ExportLog.NotRemoved(_logger, exception, FullName);
        }
    }

    private static FileStream OpenLock(string folder, FileMode mode) => new(Path.Combine(folder, ".lock"), mode, FileAccess.Write, FileShare.None);
}
