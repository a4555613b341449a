using System.Globalization;
using System.Security.Cryptography;
using AssetCompute.Client.Http.Resilience;
using AssetCompute.Client.Journal;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Storage;

/// <summary>Writes renditions to files. It checks them against their events, and never leaves a partial file.</summary>
internal sealed class RenditionDownload(IAssetStorage storage, ILogger logger, TimeProvider timeProvider)
{
    private const int BufferBytes = 80 * 1024;

    // A storage limits the time until it answers. During the transfer, only this limit applies.
    private static readonly TimeSpan s_longestSilence = TimeSpan.FromMinutes(2);

    /// <summary>Downloads an object.</summary>
    public async Task SaveAsync(string name, RenditionCreated created, string path, Action<long, long> onRead, CancellationToken cancellationToken)
    {
        // A storage retries its calls by itself, but cannot retry a stream that breaks or stalls during a read.
        await ResiliencePipelines.CreateRetry(
            "download",
            maxRetryAttempts: 3,
            delay: TimeSpan.FromMilliseconds(500),
            maxDelay: TimeSpan.FromSeconds(4),
            static exception => exception is HttpRequestException or AssetStorageException { IsTransient: true } or EndOfStreamException,
            retry =>
            {
                RenderLog.DownloadingAgain(logger, name, retry.AttemptNumber + 2);
                return default;
            },
            timeProvider).ExecuteAsync(
            async token =>
            {
                using StoredAsset stored = await storage.OpenReadAsync(name, token).ConfigureAwait(false);
                await SaveAsync(stored.Content, stored.Length, created, path, onRead, token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Saves a rendition that is embedded in its event.</summary>
    public async Task SaveAsync(EmbeddedData data, RenditionCreated created, string path, Action<long, long> onRead, CancellationToken cancellationToken)
    {
        byte[] bytes = data.ToArray();
        using MemoryStream content = new(bytes, writable: false);
        await SaveAsync(content, bytes.Length, created, path, onRead, cancellationToken).ConfigureAwait(false);
    }

    private async Task SaveAsync(Stream content, long length, RenditionCreated created, string path, Action<long, long> onRead, CancellationToken cancellationToken)
    {
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string temporary = TemporaryFile.For(full);
        try
        {
            string sha1;
            using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, useAsync: true))
            {
                sha1 = await CopyAsync(content, file, length, path, onRead, cancellationToken).ConfigureAwait(false);
            }

            if (created.Metadata.Size is { } size && size != length)
            {
                throw new AssetStorageException($"The rendition '{path}' has {size} bytes by its event, but {length} bytes came from the storage. Request it again.");
            }

            if (created.Metadata.Sha1 is { Length: > 0 } expected && !string.Equals(expected, sha1, StringComparison.OrdinalIgnoreCase))
            {
                throw new AssetStorageException($"The SHA-1 of the rendition '{path}' is {expected} by its event, but that of what came from the storage is {sha1}. Request it again.");
            }

            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            // Has no effect if the file was moved to its destination.
            File.Delete(temporary);
        }
    }

    /// <summary>Copies the content and returns its SHA-1.</summary>
    private async Task<string> CopyAsync(Stream content, FileStream file, long length, string path, Action<long, long> onRead, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        StallLimit stall = new(s_longestSilence, $"The download of '{path}' stopped: nothing came for {s_longestSilence}.", timeProvider);
        byte[] buffer = new byte[BufferBytes];
        long total = 0;
        int read;
        while ((read = await ReadAsync(stall, content, buffer, path, cancellationToken).ConfigureAwait(false)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer, 0, read, cancellationToken).ConfigureAwait(false);
            total += read;
            onRead(total, length);
        }

        return total == length
            ? string.Concat(hash.GetHashAndReset().Select(static value => value.ToString("x2", CultureInfo.InvariantCulture)))
            : throw new EndOfStreamException($"The download of '{path}' ended after {total} of {length} bytes.");
    }

    private static async ValueTask<int> ReadAsync(StallLimit stall, Stream content, byte[] buffer, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await stall.ReadAsync(content, buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Any exception of a storage's stream justifies another attempt. A failure to write to the disk does not.
            throw new EndOfStreamException(exception is TimeoutException ? exception.Message : $"The download of '{path}' broke off.", exception);
        }
    }
}
