using AssetCompute.Client.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Storage;

/// <summary>One call of <see cref="AssetRenderer"/>: upload, request, download, and removal from the storage.</summary>
internal sealed class RenderRun(
    IRenditionJobs jobs, IAssetStorage storage, RenderOptions options, RenderTotals totals, RenderFile file, ILogger logger, TimeProvider timeProvider)
{
    private const int MaxParallelDownloads = 4;

    private static readonly TimeSpan s_spareLifetime = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan s_cleanupTimeout = TimeSpan.FromSeconds(30);

    // All names have the same prefix, so that a rule of the storage can remove what remains after a crash.
    private readonly string _folder = $"asset-compute/{Guid.NewGuid():N}/";
    private readonly string _sourceFileName = Path.GetFileName(file.Path);
    private readonly RenderSlot[] _slots = [.. file.Renditions.Select(static (rendition, index) => new RenderSlot(index, rendition))];
    private readonly RenditionDownload _download = new(storage, logger, timeProvider);
    private TimeSpan? _urlLifetime = options.UrlLifetime ?? (options.Timeout == Timeout.InfiniteTimeSpan ? null : options.Timeout + options.Timeout + s_spareLifetime);
    private long? _sourceSize;
    private string _requestId = "";
    private double _uploaded;

    private string SourceName => $"{_folder}source{Extension(Path.GetExtension(_sourceFileName).TrimStart('.'))}";

    private string SourceMediaType => options.SourceMimeType ?? FileMediaTypes.OfName(_sourceFileName) ?? "application/octet-stream";

    public async Task<RenderResult> RunAsync(Stream content, string parameter, CancellationToken cancellationToken)
    {
        await CheckLifetimeAsync(parameter, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<string> leftBehind;
        try
        {
            await UploadAsync(content, cancellationToken).ConfigureAwait(false);
            await RequestAsync(cancellationToken).ConfigureAwait(false);
            await DownloadAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            leftBehind = await CleanUpAsync().ConfigureAwait(false);
        }

        return new RenderResult
        {
            Source = file.Path,
            RequestId = _requestId,
            Files = [.. _slots.Select(static slot => slot.ToResult())],
            LeftBehind = leftBehind,
        };
    }

    /// <summary>Fails before the upload if the storage would refuse the lifetime after it.</summary>
    private async Task CheckLifetimeAsync(string parameter, CancellationToken cancellationToken)
    {
        try
        {
            await storage.CreateReadUrlAsync(SourceName, _urlLifetime, cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            // If the default is too long, the storage's own default is valid.
            _urlLifetime = options.UrlLifetime is null ? null : throw new ArgumentException(
                $"The storage cannot create URLs that are valid for {_urlLifetime}: set {nameof(RenderOptions)}.{nameof(RenderOptions.UrlLifetime)} to a shorter time. {exception.Message}", parameter, exception);
        }
    }

    private async Task UploadAsync(Stream content, CancellationToken cancellationToken)
    {
        long? total = content.CanSeek ? content.Length - content.Position : null;
        using ObservedStream observed = new(content, read =>
        {
            _uploaded = total > 0 ? Math.Min(1, (double)read / total.Value) : 0;
            Report(RenderStage.Uploading, slot: null, read, total);
        });
        await storage.UploadAsync(SourceName, observed, SourceMediaType, cancellationToken).ConfigureAwait(false);
        _sourceSize = observed.Position;
        _uploaded = 1;
        Report(RenderStage.Waiting);
    }

    /// <summary>Requests the renditions. Requests those that were too large, or failed after their URLs had expired, once more.</summary>
    private async Task RequestAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset asked = timeProvider.GetUtcNow();
        await RequestAsync(_slots, cancellationToken).ConfigureAwait(false);

        // For a refused URL, the service gives no other reason than GenericError. After the expiry, a refused URL is the most likely cause.
        bool hasExpired = timeProvider.GetUtcNow() >= (SignedUrlExpiry.Of(_slots[0].Target.Target.Urls[0]) ?? asked + _urlLifetime);
        RenderSlot[] open = [.. _slots.Where(slot => IsTooLarge(slot) || (hasExpired && slot.Event is null or RenditionFailed { Reason.Value: "GenericError" }))];
        if (open.Length == 0)
        {
            return;
        }

        ClientLog.RequestingAgain(logger, open.Length, _requestId);
        try
        {
            await RequestAsync(open, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The events of the first request remain the result. The error explains why there is no better one.
            Array.ForEach(open, slot => slot.Error = exception);
        }
    }

    private async Task RequestAsync(RenderSlot[] slots, CancellationToken cancellationToken)
    {
        Uri url = await storage.CreateReadUrlAsync(SourceName, _urlLifetime, cancellationToken).ConfigureAwait(false);
        foreach (RenderSlot slot in slots)
        {
            slot.Targets.Add(await CreateTargetAsync(slot, cancellationToken).ConfigureAwait(false));
            slot.Error = null;
        }

        ProcessRequest request = new()
        {
            // With size and type, the service does not send a HEAD request for them, which a URL signed for GET would refuse.
            Source = (AssetSource)url with { Name = _sourceFileName, Size = _sourceSize, MimeType = SourceMediaType },
            Renditions = [.. slots.Select(static slot => slot.Requested.Rendition with { Target = slot.Target.Target })],
            UserData = options.UserData,
        };
        RenditionJobOptions jobOptions = new() { Timeout = options.Timeout, OnRendition = OnRendition };
        try
        {
            RenditionJobResult result = await jobs.RunAsync(request, jobOptions, cancellationToken).ConfigureAwait(false);
            _requestId = result.RequestId;
            for (int i = 0; i < slots.Length; i++)
            {
                slots[i].Event = result.Renditions[i];
            }
        }
        catch (RenditionJobTimeoutException exception)
        {
            _requestId = exception.RequestId;
            foreach (RenderSlot slot in slots)
            {
                RenditionEvent? received = exception.Received.FirstOrDefault(answer => SlotOf(answer) == slot);
                slot.Event = received ?? slot.Event;
                slot.Error = received is null ? exception : slot.Error;
            }
        }
    }

    private Task<StorageTarget> CreateTargetAsync(RenderSlot slot, CancellationToken cancellationToken)
    {
        string format = slot.Requested.Rendition.Format?.Value ?? Path.GetExtension(slot.Requested.Path).TrimStart('.');
        return storage.CreateTargetAsync(
            $"{_folder}{slot.Index}-{slot.Targets.Count}{Extension(format)}",
            new StorageTargetOptions { MaxSize = IsTooLarge(slot) ? options.MaxRenditionSize : slot.Requested.ExpectedMaxSize, Lifetime = _urlLifetime },
            cancellationToken);
    }

    /// <summary>Whether the rendition was too large for its target, and a larger one is allowed.</summary>
    private bool IsTooLarge(RenderSlot slot) =>
        slot.Event is RenditionFailed failed && failed.Reason == RenditionFailureReason.RenditionTooLarge && slot.Requested.ExpectedMaxSize < options.MaxRenditionSize;

    /// <summary>Returns the slot of an event: its rendition and target are the objects of the request.</summary>
    private RenderSlot SlotOf(RenditionEvent answer) => _slots.First(slot => ReferenceEquals(slot.Target.Target, answer.Rendition.Target));

    private void OnRendition(RenditionEvent answer)
    {
        if (answer is RenditionCreated { Metadata.Size: var size })
        {
            RenderSlot slot = SlotOf(answer);
            slot.Done = Math.Max(slot.Done, 1);
            Report(RenderStage.Rendered, slot, size ?? 0, size, answer);
        }
    }

    private async Task DownloadAsync(CancellationToken cancellationToken)
    {
        using SemaphoreSlim room = new(MaxParallelDownloads);
        await Task.WhenAll(_slots.Select(async slot =>
        {
            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await DownloadAsync(slot, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The other renditions continue. The result has the error of this one.
                slot.Error = exception;
            }

            room.Release();
            slot.Done = 2;
            Report(slot.ToResult().Succeeded ? RenderStage.Completed : RenderStage.Failed, slot);
        })).ConfigureAwait(false);
    }

    private async Task DownloadAsync(RenderSlot slot, CancellationToken cancellationToken)
    {
        if (slot.Event is not RenditionCreated created)
        {
            return;
        }

        if (created.Data is { } data)
        {
            byte[] bytes = data.ToArray();
            using StoredAsset embedded = new(new MemoryStream(bytes, writable: false), bytes.Length);
            await _download.SaveAsync(embedded, created, slot.Requested.Path, OnRead, cancellationToken).ConfigureAwait(false);
            return;
        }

        await slot.Target.CompleteAsync(created, cancellationToken).ConfigureAwait(false);
        await _download.SaveAsync(slot.Target.Name, created, slot.Requested.Path, OnRead, cancellationToken).ConfigureAwait(false);

        void OnRead(long read, long total)
        {
            slot.Done = 1 + (total > 0 ? Math.Min(1, (double)read / total) : 1);
            Report(RenderStage.Downloading, slot, read, total);
        }
    }

    /// <summary>Removes the objects from the storage, also after a failure or a cancellation. Returns the names of those that could not be removed.</summary>
    private async Task<IReadOnlyList<string>> CleanUpAsync()
    {
        using CancellationTokenSource timeout = timeProvider.CreateCancellationTokenSource(s_cleanupTimeout);
        StorageTarget[] targets = [.. _slots.SelectMany(static slot => slot.Targets)];
        string?[] aborted = await Task.WhenAll(targets.Select(target => RemoveAsync(target.Name, target.AbortAsync))).ConfigureAwait(false);

        // A target that failed to complete may still have become an object.
        IEnumerable<string> names = targets.Select(static target => target.Name).Append(SourceName);
        string?[] deleted = await Task.WhenAll(names.Select(name => RemoveAsync(name, token => storage.DeleteAsync(name, token)))).ConfigureAwait(false);
        return [.. aborted.Union(deleted).OfType<string>()];

        async Task<string?> RemoveAsync(string name, Func<CancellationToken, Task> removeAsync)
        {
            try
            {
                await removeAsync(timeout.Token).ConfigureAwait(false);
                return null;
            }
            catch (Exception exception)
            {
                // A failed cleanup must not hide the result or the exception of the call.
                ClientLog.LeftBehind(logger, name, exception);
                return name;
            }
        }
    }

    private void Report(RenderStage stage, RenderSlot? slot = null, long bytes = 0, long? total = null, RenditionEvent? answer = null) => totals.Report(file, new RenderProgress
    {
        Source = file.Path,
        Stage = stage,
        Path = slot?.Requested.Path,
        Bytes = bytes,
        TotalBytes = total,
        Event = answer ?? slot?.Event,
        Error = slot?.Error,
        Fraction = Math.Min(1, (_uploaded + _slots.Sum(static other => other.Done)) / (1 + (2 * _slots.Length))),
    });

    /// <summary>Returns the extension with its dot; empty if it has characters that the service would refuse in a name.</summary>
    private static string Extension(string text) =>
        text.Length is > 0 and <= 20 && text.All(static letter => letter is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9')) ? "." + text.ToLowerInvariant() : "";
}
