namespace AssetExport;

/// <summary>A folder of this machine, or one that is mounted.</summary>
/// <param name="root">The folder; it is made where it is missing.</param>
internal sealed class FolderDestination(string root) : IExportDestination
{
    /// <summary>A file that is still written to is younger: a transfer in which nothing moves ends within a day.</summary>
    private static readonly TimeSpan s_leftAge = TimeSpan.FromDays(2);

    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    /// <summary>On the same file system as the rest, so that moving a file is one step.</summary>
    private string Incoming => Path.Combine(_root, ".incoming");

    public static FolderDestination Create(IConfigurationSection section, IServiceProvider services) =>
        new(Path.Combine(services.GetRequiredService<IHostEnvironment>().ContentRootPath, section.Required("Path")));

    public async Task<ExportReceipt> ExportAsync(ExportItem item, CancellationToken cancellationToken)
    {
        string target = PathOf(item.Name);
        string temporary = Path.Combine(Incoming, $"{item.Transfer}.tmp");
        RemoveLeftovers(Directory.CreateDirectory(Incoming), $"{item.Transfer.Split('.')[0]}.");

        try
        {
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

    /// <summary>
    /// What an attempt has left that died; and one that only seems to be dead can then no longer move its file into the place. Others of long ago, too: theirs may be exports
    /// that nobody makes any more.
    /// </summary>
    private static void RemoveLeftovers(DirectoryInfo incoming, string export)
    {
        foreach (FileInfo file in incoming.EnumerateFiles("*.tmp"))
        {
            // One that is gone by now is as old as time itself.
            if (file.Name.StartsWith(export, StringComparison.Ordinal) || DateTime.UtcNow - file.LastWriteTimeUtc > s_leftAge)
            {
                file.Delete();
            }
        }
    }

    private string PathOf(string name)
    {
        // The name has been checked; that nothing is written outside the folder must not hang on one check alone.
        string path = Path.GetFullPath(Path.Combine(_root, name));
        return path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : throw new DestinationRefusedException($"'{name}' leads out of the folder.");
    }
}
