using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using AssetCompute.Client.Http.Resilience;
using AssetCompute.Client.Journal;
using Microsoft.Extensions.Logging;
using Polly;

namespace AssetCompute.Client.Storage;

/// <summary>Brings renditions into files: checked against their events, and there whole or not at all.</summary>
internal sealed class RenditionDownload
{
    private const int BufferBytes = 128 * 1024;

    // Storages wait for an answer as long as they say; while its bytes come, nobody else looks at the clock.
    private static readonly TimeSpan s_longestSilence = TimeSpan.FromMinutes(2);

    private readonly IAssetStorage _storage;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;
    private readonly ResiliencePipeline _pipeline;

    public RenditionDownload(IAssetStorage storage, ILogger logger, TimeProvider timeProvider)
    {
        _storage = storage;
        _logger = logger;
        _timeProvider = timeProvider;

        // A storage tries its calls again by itself. What it cannot do so is a stream that breaks, or stops, while it is read.
        _pipeline = ResiliencePipelines.CreateRetry(
            "download",
            maxRetryAttempts: 3,
            delay: TimeSpan.FromMilliseconds(500),
            maxDelay: TimeSpan.FromSeconds(4),
            static exception => exception is HttpRequestException or AssetStorageException { IsTransient: true } or EndOfStreamException,
            static _ => default,
            timeProvider);
    }

    /// <summary>Downloads an object.</summary>
    public async Task SaveAsync(string name, RenditionCreated created, string path, Action<long, long> onRead, CancellationToken cancellationToken)
    {
        int attempt = 0;
        await _pipeline.ExecuteAsync(
            async token =>
            {
                if (++attempt > 1)
                {
                    RenderLog.DownloadingAgain(_logger, name, attempt, exception: null);
                }

                using StoredAsset stored = await _storage.OpenReadAsync(name, token).ConfigureAwait(false);
                await SaveAsync(stored.Content, stored.Length, created, path, onRead, token).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Saves a rendition that came inside its event.</summary>
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
                throw new AssetStorageException($"The rendition '{path}' has {size} bytes by its event, but {length} bytes came from the storage. Ask for it again.");
            }

            if (created.Metadata.Sha1 is { Length: > 0 } expected && !string.Equals(expected, sha1, StringComparison.OrdinalIgnoreCase))
            {
                throw new AssetStorageException($"The SHA-1 of the rendition '{path}' is {expected} by its event, but that of what came from the storage is {sha1}. Ask for it again.");
            }

            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            // Nothing to remove where it was moved into its place.
            File.Delete(temporary);
        }
    }

    private async Task<string> CopyAsync(Stream content, FileStream file, long length, string path, Action<long, long> onRead, CancellationToken cancellationToken)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        using CancellationTokenSource silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ITimer timer = _timeProvider.CreateTimer(source => TimerCancellation.Cancel((CancellationTokenSource)source!, _logger), silence, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await using ConfiguredAsyncDisposable timerOwner = timer.ConfigureAwait(false);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long total = 0;
            while (true)
            {
                // Only the storage's own silence counts, not the time that the disk takes.
                timer.Change(s_longestSilence, Timeout.InfiniteTimeSpan);
                int read = await ReadAsync(content, buffer, path, silence.Token, cancellationToken).ConfigureAwait(false);
                timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                if (read == 0)
                {
                    break;
                }

                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer, 0, read, cancellationToken).ConfigureAwait(false);
                total += read;
                onRead(total, length);
            }

            return total == length
                ? string.Concat(hash.GetHashAndReset().Select(static value => value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)))
                : throw new EndOfStreamException($"The download of '{path}' ended after {total} of {length} bytes.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<int> ReadAsync(Stream content, byte[] buffer, string path, CancellationToken silence, CancellationToken cancellationToken)
    {
        try
        {
            return await content.ReadAsync(buffer.AsMemory(), silence).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EndOfStreamException($"The download of '{path}' stopped: nothing came for {s_longestSilence}.", exception);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever a storage's stream throws. A disk that cannot be written to is not worth another attempt; this is.
            throw new EndOfStreamException($"The download of '{path}' broke off.", exception);
        }
    }
}
