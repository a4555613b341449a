using System.Text;

namespace AssetExport;

/// <summary>A local or mounted folder.</summary>
/// <param name="root">The folder. It is created if it does not exist.</param>
/// <param name="isMounted">Whether the folder must be on a separate mount, so that nothing is written to the underlying disk if the mount is missing.</param>
internal sealed class FolderDestination(string root, bool isMounted) : IExportDestination
{
    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
    private volatile bool _isTidy;

    /// <summary>The folder for incomplete files. It is on the same file system as the rest, so that moving a file is one step.</summary>
    private string Incoming => Path.Combine(_root, ".incoming");

    public static FolderDestination Create(IConfigurationSection section, IServiceProvider services) =>
        new(Path.Combine(services.GetRequiredService<IHostEnvironment>().ContentRootPath, section.Required("Path")), section.Flag("Mounted"));

    public async Task<ExportReceipt> ExportAsync(ExportItem item, CancellationToken cancellationToken)
    {
        string target = PathOf(item.Name);
        string temporary = Path.Combine(Incoming, $"{item.Transfer}.tmp");
        if (isMounted && !DriveInfo.GetDrives().Any(drive => drive.Name.Length > 1 && $"{_root}/".StartsWith($"{Path.TrimEndingDirectorySeparator(drive.Name)}/", StringComparison.Ordinal)))
        {
            throw new DestinationBusyException($"Nothing is mounted at '{_root}'.");
        }

        try
        {
            RemoveLeftovers(item);
            await using (Stream content = await item.OpenReadAsync(cancellationToken))
            await using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Delete, bufferSize: 0, useAsync: true))
            {
                await content.CopyToAsync(file, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            cancellationToken.ThrowIfCancellationRequested();
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception exception) when (Directory.Exists(target))
        {
            throw new DestinationRefusedException($"'{target}' is a folder, but must be a file.", exception);
        }
        catch (IOException exception) when (IsFull(exception))
        {
            throw new DestinationBusyException($"The disk of '{_root}' is full.", TimeSpan.FromMinutes(5), exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"The account of this program is not allowed to write to '{target}'.", exception);
        }
        finally
        {
            File.Delete(temporary);
        }

        return new ExportReceipt(target);
    }

    public Task<StoredExport?> FindAsync(string name, CancellationToken cancellationToken)
    {
        FileInfo file = new(PathOf(name));
        return Task.FromResult(file.Exists ? new StoredExport(file.Length) : null);
    }

    public string? WhyNotStorable(string name)
    {
        char[] invalid = Path.GetInvalidFileNameChars();
        return name.Split('/').FirstOrDefault(segment => segment.IndexOfAny(invalid) >= 0 || Encoding.UTF8.GetByteCount(segment) > 255) is { } segment
            ? $"A folder of this system cannot store '{segment}': it has a character that file names cannot contain, or more than 255 bytes."
            : name.StartsWith(".incoming/", StringComparison.Ordinal) ? "The folder '.incoming' is reserved for incomplete files." : null;
    }

    public Task<string> ProbeAsync(CancellationToken cancellationToken) => ProbeFile.RunAsync(this, name => Task.Run(() => File.Delete(PathOf(name)), cancellationToken), cancellationToken);

    /// <summary>Removes what a dead attempt left behind, so that it cannot complete after all, and old files of exports that may never be repeated.</summary>
    private void RemoveLeftovers(ExportItem item)
    {
        DirectoryInfo incoming = Directory.CreateDirectory(Incoming);
        if (!_isTidy || item.HasPredecessor)
        {
            // The modification time of a deleted file is the minimum time.
            incoming.EnumerateFiles("*.tmp").Where(file => item.IsLeftover(file.Name, file.LastWriteTimeUtc)).ToList().ForEach(static file => file.Delete());
            _isTidy = true;
        }
    }

    /// <summary>Whether an error means no space (ENOSPC, ERROR_DISK_FULL) or an exceeded quota (EDQUOT on Linux and macOS).</summary>
    private static bool IsFull(IOException exception) =>
        OperatingSystem.IsWindows() ? (exception.HResult & 0xFFFF) is 0x70 or 0x27 : exception.HResult is 28 || exception.HResult == (OperatingSystem.IsMacOS() ? 69 : 122);

    private string PathOf(string name)
    {
        // The name was already checked, but keeping files inside the folder must not depend on one check.
        string path = Path.GetFullPath(Path.Combine(_root, name));
        return path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : throw new DestinationRefusedException($"'{name}' is outside the folder.");
    }
}
