using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Sftp;

namespace AssetExport;

/// <summary>A folder on an SFTP server. A file is written under a temporary name, continued after a break, and renamed when it is complete.</summary>
/// <param name="root">The folder, without a trailing slash; empty for the user's home folder.</param>
internal sealed class SftpDestination(SftpConnections connections, string root) : IExportDestination, IDisposable
{
    private const int BufferSize = 64 << 10;

    private volatile bool _isTidy;

    private string Incoming => PathOf(".incoming");

    public static SftpDestination Create(IConfigurationSection section, IServiceProvider services) =>
        new(new SftpConnections(section, services.GetRequiredService<IHostEnvironment>().ContentRootPath), (section["Path"] ?? "").TrimEnd('/') is { Length: > 0 } path ? path : section["Path"] == "/" ? "/." : ".");

    public Task<ExportReceipt> ExportAsync(ExportItem item, CancellationToken cancellationToken)
    {
        string target = PathOf(item.Name);
        string temporary = $"{Incoming}/{item.Transfer}.part";
        return connections.RunAsync(
            async client =>
            {
                try
                {
                    bool isTaken = (item.HasPredecessor || !_isTidy) && await TakeOverAsync(client, item, temporary, cancellationToken);
                    if (!isTaken || !await ContinueAsync(client, item, temporary, cancellationToken))
                    {
                        await using Stream content = await item.OpenReadAsync(cancellationToken);

                        // The file is opened before the content is read.
                        await InFolderAsync(client, Incoming, () => client.UploadFileAsync(content, temporary, cancellationToken), cancellationToken);
                    }

                    await InFolderAsync(client, target[..target.LastIndexOf('/')], () => RenameAsync(client, temporary, target, cancellationToken), cancellationToken);
                    return new ExportReceipt($"sftp://{connections.Server}/{target.TrimStart('/')}");
                }
                catch (Exception exception) when (exception is SftpException || (exception is not SshException && client.IsConnected && !cancellationToken.IsCancellationRequested))
                {
                    // The server answers, or the content does not match the asset, so there is nothing to continue.
                    await RemoveFileAsync(client, temporary, cancellationToken);
                    throw exception is SftpException failure ? await ExplainAsync(client, failure, target, cancellationToken) : exception;
                }
            },
            cancellationToken);
    }

    public Task<StoredExport?> FindAsync(string name, CancellationToken cancellationToken) =>
        connections.RunAsync(async client => await AttributesAsync(client, PathOf(name), cancellationToken) is { } file ? new StoredExport(file.Size) : null, cancellationToken);

    public string? WhyNotStorable(string name) =>
        name.Split('/').FirstOrDefault(static segment => Encoding.UTF8.GetByteCount(segment) > 255) is { } segment ? $"An SFTP server cannot store '{segment}', which has more than 255 bytes."
        : name.StartsWith(".incoming/", StringComparison.Ordinal) ? "The folder '.incoming' is reserved for incomplete files." : null;

    public Task<string> ProbeAsync(CancellationToken cancellationToken) =>
        ProbeFile.RunAsync(this, name => connections.RunAsync(client => RemoveFileAsync(client, PathOf(name), cancellationToken), cancellationToken), cancellationToken);

    public void Dispose() => connections.Dispose();

    private string PathOf(string name) => $"{root}/{name}";

    private static async Task<SftpFileAttributes?> AttributesAsync(SftpClient client, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetAttributesAsync(path, cancellationToken);
        }
        catch (SftpPathNotFoundException)
        {
            return null;
        }
    }

    /// <returns>Whether there was a file.</returns>
    private static async Task<bool> RemoveFileAsync(SftpClient client, string path, CancellationToken cancellationToken)
    {
        bool isFile = await AttributesAsync(client, path, cancellationToken) is { IsDirectory: false };
        if (isFile)
        {
            await client.DeleteFileAsync(path, cancellationToken);
        }

        return isFile;
    }

    /// <summary>Gives the partial file of an earlier attempt the name of this one, so that the earlier one cannot complete it. Deletes old files.</summary>
    private async Task<bool> TakeOverAsync(SftpClient client, ExportItem item, string temporary, CancellationToken cancellationToken)
    {
        bool isTaken = false;
        try
        {
            await foreach (ISftpFile file in client.ListDirectoryAsync(Incoming, cancellationToken))
            {
                if (item.IsOwn(file.Name) && !isTaken)
                {
                    await Task.Run(() => client.RenameFile(file.FullName, temporary), cancellationToken);
                    isTaken = true;
                }
                else if (file.IsRegularFile && item.IsLeftover(file.Name, file.LastWriteTimeUtc))
                {
                    await client.DeleteFileAsync(file.FullName, cancellationToken);
                }
            }
        }
        catch (SftpPathNotFoundException)
        {
            // Nothing was ever written, or another process has removed it.
        }

        _isTidy = true;
        return isTaken;
    }

    /// <summary>Continues a file, if it is the start of the asset.</summary>
    private static async Task<bool> ContinueAsync(SftpClient client, ExportItem item, string temporary, CancellationToken cancellationToken)
    {
        await using Stream content = await item.OpenReadAsync(cancellationToken);
        byte[] wanted = new byte[BufferSize];
        byte[] found = new byte[BufferSize];
        long position = 0;
        await using (SftpFileStream left = await client.OpenAsync(temporary, FileMode.Open, FileAccess.Read, cancellationToken))
        {
            for (int count; (count = await left.ReadAtLeastAsync(found, BufferSize, throwOnEndOfStream: false, cancellationToken)) > 0; position += count)
            {
                if (await content.ReadAtLeastAsync(wanted.AsMemory(0, count), count, throwOnEndOfStream: false, cancellationToken) < count || !wanted.AsSpan(0, count).SequenceEqual(found.AsSpan(0, count)))
                {
                    return false;
                }
            }
        }

        await using SftpFileStream rest = await client.OpenAsync(temporary, FileMode.Open, FileAccess.Write, cancellationToken);
        rest.Position = position;
        await content.CopyToAsync(rest, BufferSize, cancellationToken);
        await rest.FlushAsync(cancellationToken);
        return true;
    }

    /// <summary>Does something in a folder, and creates the folder if it is missing.</summary>
    private static async Task InFolderAsync(SftpClient client, string folder, Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
        }
        catch (SftpPathNotFoundException) when (folder.LastIndexOf('/') > 0)
        {
            await CreateFolderAsync(client, folder, cancellationToken);
            await work();
        }
    }

    /// <summary>Renames a file, in one step if the server supports it, so that readers never miss the file.</summary>
    private static async Task RenameAsync(SftpClient client, string temporary, string target, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Run(() => client.RenameFile(temporary, target, isPosix: true), cancellationToken);
        }
        catch (NotSupportedException)
        {
            await RemoveFileAsync(client, target, cancellationToken);
            await client.RenameFileAsync(temporary, target, cancellationToken);
        }
    }

    private static async Task CreateFolderAsync(SftpClient client, string folder, CancellationToken cancellationToken)
    {
        try
        {
            await InFolderAsync(client, folder[..Math.Max(0, folder.LastIndexOf('/'))], () => client.CreateDirectoryAsync(folder, cancellationToken), cancellationToken);
        }
        catch (SftpException exception) when (exception is not SftpPathNotFoundException)
        {
            // Another process may have created it at the same time.
            SftpFileAttributes? found = await AttributesAsync(client, folder, cancellationToken);
            if (found is not { IsDirectory: true })
            {
                throw found is { IsRegularFile: true } ? new DestinationRefusedException($"'{folder}' is a file, but must be a folder.", exception) : exception;
            }
        }
    }

    /// <summary>Explains an error. SFTP has one status for most failures, so the server must be asked for the cause.</summary>
    private async Task<Exception> ExplainAsync(SftpClient client, SftpException exception, string target, CancellationToken cancellationToken)
    {
        if (exception is SftpPermissionDeniedException)
        {
            return new IOException($"The user is not allowed to write to '{target}' on {connections.Server}.", exception);
        }

        if (await AttributesAsync(client, target, cancellationToken) is { IsDirectory: true })
        {
            return new DestinationRefusedException($"'{target}' is a folder on {connections.Server}, but must be a file.", exception);
        }

        bool isFull = false;
        try
        {
            isFull = (await client.GetStatusAsync(root, cancellationToken)).AvailableBlocks == 0;
        }
        catch (Exception unsaid) when (unsaid is SftpException or NotSupportedException)
        {
            // The server does not say.
        }

        return isFull
            ? new DestinationBusyException($"The disk of {connections.Server} is full.", TimeSpan.FromMinutes(5), exception)
            : new IOException($"{connections.Server} refused to write '{target}': {exception.Message}", exception);
    }
}
