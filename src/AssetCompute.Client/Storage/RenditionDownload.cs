using System.Security.Cryptography;
using System.Text;
using AssetCompute.Client.Diagnostics;
using AssetCompute.Client.Http.Resilience;
using AssetCompute.Client.Journal;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Storage;

/// <summary>Writes renditions to files. It checks them against their events, and never leaves a partial file.</summary>
internal sealed class RenditionDownload(IAssetStorage storage, ILogger logger, TimeProvider timeProvider)
{
    private const int BufferBytes = 80 * 1024;
    private const string TemporaryExtension = ".tmp";

    // A storage limits the time until it answers. During the transfer, only this limit applies.
    private static readonly TimeSpan s_longestSilence = TimeSpan.FromMinutes(2);

    /// <summary>Deletes temporary files of a killed run for outputs that are about to be created. No other run may be creating these outputs.</summary>
    public static void DeleteLeftOver(IEnumerable<string> outputs)
    {
        foreach (IGrouping<string, string> folder in outputs.Select(Path.GetFullPath).GroupBy(static output => Path.GetDirectoryName(output)!).Where(static folder => Directory.Exists(folder.Key)))
        {
            HashSet<string> prefixes = [.. folder.Select(TemporaryPrefix)];
            foreach (string path in Directory.EnumerateFiles(folder.Key, ".*" + TemporaryExtension).Where(path => prefixes.Contains(Path.GetFileName(path).Split('-')[0])))
            {
                File.Delete(path);
            }
        }
    }

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
                ClientLog.DownloadingAgain(logger, name, retry.AttemptNumber + 2);
                return default;
            },
            timeProvider).ExecuteAsync(
            async token =>
            {
                using StoredAsset stored = await storage.OpenReadAsync(name, token).ConfigureAwait(false);
                await SaveAsync(stored, created, path, onRead, token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Saves bytes, such as those of a rendition that is embedded in its event.</summary>
    public async Task SaveAsync(StoredAsset stored, RenditionCreated created, string path, Action<long, long> onRead, CancellationToken cancellationToken)
    {
        string full = Path.GetFullPath(path);
        string folder = Directory.CreateDirectory(Path.GetDirectoryName(full)!).FullName;
        string temporary = Path.Combine(folder, $"{TemporaryPrefix(full)}-{Guid.NewGuid().ToString("N").Substring(0, 8)}{TemporaryExtension}");
        try
        {
            string sha1;
            using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, useAsync: true))
            {
                sha1 = await CopyAsync(stored, file, path, onRead, cancellationToken).ConfigureAwait(false);
            }

            if (created.Metadata.Size is { } size && size != stored.Length)
            {
                throw new AssetStorageException($"The rendition '{path}' has {size} bytes according to its event, but the storage returned {stored.Length} bytes. Request it again.");
            }

            if (created.Metadata.Sha1 is { Length: > 0 } expected && !string.Equals(expected, sha1, StringComparison.OrdinalIgnoreCase))
            {
                throw new AssetStorageException($"The SHA-1 of the rendition '{path}' is {expected} according to its event, but the downloaded file has {sha1}. Request it again.");
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
    private async Task<string> CopyAsync(StoredAsset stored, FileStream file, string path, Action<long, long> onRead, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        StallLimit stall = new(s_longestSilence, $"The download of '{path}' stopped: no data arrived for {s_longestSilence}.", timeProvider);
        byte[] buffer = new byte[BufferBytes];
        long total = 0;
        int read;
        do
        {
            try
            {
                read = await stall.ReadAsync(stored.Content, buffer, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Any exception of a storage's stream justifies another attempt. A failure to write to the disk does not.
                throw new EndOfStreamException(exception is TimeoutException ? exception.Message : $"The download of '{path}' broke off.", exception);
            }

            if (read > 0)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer, 0, read, cancellationToken).ConfigureAwait(false);
                total += read;
                onRead(total, stored.Length);
            }
        }
        while (read > 0);

        return total == stored.Length
            ? Convert.ToHexStringLower(hash.GetHashAndReset())
            : throw new EndOfStreamException($"The download of '{path}' ended after {total} of {stored.Length} bytes.");
    }

    /// <summary>Returns the beginning of a temporary file's name. It is short, because the output's name may have the maximum length of the file system.</summary>
    private static string TemporaryPrefix(string output) => $".{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFileName(output))), 0, 6)}";
}
