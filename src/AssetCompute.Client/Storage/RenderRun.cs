using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Storage;

/// <summary>One call of <see cref="AssetRenderer"/>, step by step.</summary>
internal sealed class RenderRun
{
    private const int MaxRequests = 2;
    private const int MaxParallelDownloads = 4;

    // All names begin alike, so that a rule of the storage can remove what a crash has left.
    private const string Folder = "asset-compute/";

    private static readonly TimeSpan s_spareLifetime = TimeSpan.FromMinutes(15);

    private readonly IRenditionJobs _jobs;
    private readonly IAssetStorage _storage;
    private readonly RenderOptions _options;
    private readonly IProgress<RenderProgress>? _progress;
    private readonly string _sourcePath;
    private readonly string _sourceFileName;
    private readonly ILogger _logger;
    private readonly TimeProvider _timeProvider;
    private readonly string _folder = $"{Folder}{Guid.NewGuid():N}/";
    private readonly string _sourceName;
    private readonly RenderSlot[] _slots;
    private readonly RenditionDownload _download;
    private readonly RenderCleanup _cleanup;
    private bool _isUploaded;
    private long? _sourceSize;
    private string _requestId = "";
    private TimeSpan? _urlLifetime;
    private double _uploaded;

    public RenderRun(
        IRenditionJobs jobs, IAssetStorage storage, RenderOptions options, IProgress<RenderProgress>? progress, string sourcePath, IReadOnlyList<FileRendition> renditions, ILogger logger, TimeProvider timeProvider)
    {
        string sourceFileName = Path.GetFileName(sourcePath);
        _sourcePath = sourcePath;
        _progress = progress;
        _urlLifetime = options.UrlLifetime ?? (options.Timeout == Timeout.InfiniteTimeSpan ? null : options.Timeout + options.Timeout + s_spareLifetime);
        _jobs = jobs;
        _storage = storage;
        _options = options;
        _sourceFileName = sourceFileName;
        _logger = logger;
        _timeProvider = timeProvider;
        _sourceName = $"{_folder}source{Extension(Path.GetExtension(sourceFileName).TrimStart('.'))}";
        _slots = [.. renditions.Select(static (rendition, index) => new RenderSlot(index, rendition))];
        _download = new RenditionDownload(storage, logger, timeProvider);
        _cleanup = new RenderCleanup(storage, options, logger, timeProvider);
    }

    private string SourceMediaType => _options.SourceMimeType ?? FileMediaTypes.OfName(_sourceFileName) ?? "application/octet-stream";

    /// <summary>Has the storage refuse before the upload what it would refuse after it.</summary>
    /// <exception cref="ArgumentException">The storage makes no URLs that work for so long.</exception>
    public async Task CheckLifetimeAsync(string parameter, CancellationToken cancellationToken)
    {
        try
        {
            await _storage.CreateReadUrlAsync(_sourceName, _urlLifetime, cancellationToken).ConfigureAwait(false);
        }
        catch (ArgumentOutOfRangeException) when (_options.UrlLifetime is null)
        {
            // Only a default: the storage's own is what it can sign for.
            _urlLifetime = null;
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new ArgumentException($"The storage makes no URLs that work for {_urlLifetime}: set {nameof(RenderOptions)}.{nameof(RenderOptions.UrlLifetime)} to less. {exception.Message}", parameter, exception);
        }
    }

    public async Task UploadAsync(Stream source, CancellationToken cancellationToken)
    {
        long? total = source.CanSeek ? source.Length - source.Position : null;
        long uploaded = 0;
        using ObservedStream observed = new(source, read =>
        {
            uploaded = read;
            _uploaded = total > 0 ? Math.Min(1, (double)read / total.Value) : 0;
            Report(RenderStage.Uploading, slot: null, read, total);
        });
        _isUploaded = true;
        await _storage.UploadAsync(_sourceName, observed, SourceMediaType, cancellationToken).ConfigureAwait(false);
        _sourceSize = uploaded;
        _uploaded = 1;
        Report(RenderStage.Waiting);
    }

    /// <summary>Has the renditions made. Those that failed after their URLs had expired are asked for once more.</summary>
    public async Task RequestAsync(CancellationToken cancellationToken)
    {
        RenderSlot[] open = _slots;
        for (int request = 1; open.Length > 0; request++)
        {
            DateTimeOffset asked = _timeProvider.GetUtcNow();
            if (request == 1)
            {
                await RequestAsync(open, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await RequestOnceMoreAsync(open, cancellationToken).ConfigureAwait(false);
            }

            if (request == MaxRequests || _timeProvider.GetUtcNow() < (SignedUrlExpiry.Of(_slots[0].Target.Target.Urls[0]) ?? asked + _urlLifetime ?? DateTimeOffset.MaxValue))
            {
                return;
            }

            // The service names no reason but GenericError for a URL that was refused. After the expiry that is the likeliest one.
            open = [.. open.Where(static slot => slot.Event is null or RenditionFailed { Reason.Value: "GenericError" })];
            if (open.Length > 0)
            {
                RenderLog.Expired(_logger, open.Length, _requestId);
            }
        }
    }

    /// <summary>Completes what was created, and brings it into its files.</summary>
    public async Task DownloadAsync(CancellationToken cancellationToken)
    {
        using SemaphoreSlim room = new(MaxParallelDownloads);
        await Task.WhenAll(_slots.Select(async slot =>
        {
            if (slot.Event is RenditionCreated created)
            {
                await room.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    await DownloadAsync(slot, created, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    room.Release();
                }
            }

            slot.Done = 2;
            Report(slot.ToResult(kept: false).Succeeded ? RenderStage.Completed : RenderStage.Failed, slot);
        })).ConfigureAwait(false);
    }

    /// <summary>Removes everything from the storage that shall not stay there, whatever has happened before.</summary>
    public Task CleanUpAsync() => _cleanup.RunAsync(_isUploaded ? _sourceName : null, _slots);

    public RenderResult ToResult() => new()
    {
        Source = _sourcePath,
        RequestId = _requestId,
        Files = [.. _slots.Select(slot => slot.ToResult(_options.KeepInStorage))],
        SourceStorageName = _options.KeepInStorage ? _sourceName : null,
        LeftBehind = _cleanup.LeftBehind,
    };

    /// <summary>Where that fails, what the first request brought stays the result, and says why there is no better one.</summary>
    private async Task RequestOnceMoreAsync(RenderSlot[] slots, CancellationToken cancellationToken)
    {
        RenditionEvent?[] before = [.. slots.Select(static slot => slot.Event)];
        try
        {
            await RequestAsync(slots, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            for (int i = 0; i < slots.Length; i++)
            {
                slots[i].Event = before[i];
                slots[i].Error = exception;
            }
        }
    }

    private async Task RequestAsync(RenderSlot[] slots, CancellationToken cancellationToken)
    {
        Uri source = await _storage.CreateReadUrlAsync(_sourceName, _urlLifetime, cancellationToken).ConfigureAwait(false);
        foreach (RenderSlot slot in slots)
        {
            slot.Event = null;
            slot.Error = null;
            await AddTargetAsync(slot, slot.Requested.ExpectedMaxSize, cancellationToken).ConfigureAwait(false);
        }

        ProcessRequest request = new()
        {
            // With size and type the service need not ask for them, by a HEAD that a URL signed for GET would refuse.
            Source = AssetSource.FromUri(source) with { Name = _sourceFileName, Size = _sourceSize, MimeType = SourceMediaType },
            Renditions = [.. slots.Select(static slot => slot.Requested.Rendition with { Target = slot.Target.Target })],
            UserData = _options.UserData,
        };
        RenditionJobOptions options = new() { Timeout = _options.Timeout, OnRendition = OnRendition, OnTooLarge = LargerTargetAsync };
        int[] targets = [.. slots.Select(static slot => slot.Targets.Count)];
        try
        {
            RenditionJobResult result = await _jobs.RunAsync(request, options, cancellationToken).ConfigureAwait(false);
            _requestId = result.RequestId;
            for (int i = 0; i < slots.Length; i++)
            {
                slots[i].Event = result.Renditions[i];
                if (IsTooLarge(slots[i].Event) && slots[i].Targets.Count > targets[i])
                {
                    // It was asked for once more, and that failed.
                    slots[i].Error ??= result.Error;
                }
            }
        }
        catch (RenditionJobTimeoutException exception)
        {
            _requestId = exception.RequestId;
            foreach (RenditionEvent received in exception.Received)
            {
                SlotOf(received).Event = received;
            }

            foreach (RenderSlot slot in slots.Where(static slot => slot.Event is null))
            {
                slot.Error = exception;
            }
        }
    }

    private async Task<RenditionTarget> AddTargetAsync(RenderSlot slot, long maxSize, CancellationToken cancellationToken)
    {
        string format = slot.Requested.Rendition.Format?.Value ?? Path.GetExtension(slot.Requested.Path).TrimStart('.');
        StorageTarget target = await _storage.CreateTargetAsync(
            $"{_folder}{slot.Index}-{slot.Targets.Count}{Extension(format)}",
            new StorageTargetOptions { MaxSize = maxSize, Lifetime = _urlLifetime },
            cancellationToken).ConfigureAwait(false);
        slot.Targets.Add(target);
        return target.Target;
    }

    private async ValueTask<RenditionTarget?> LargerTargetAsync(RenditionFailed failed, CancellationToken cancellationToken)
    {
        RenderSlot slot = SlotOf(failed);
        try
        {
            return slot.Requested.ExpectedMaxSize < _options.MaxRenditionSize
                ? await AddTargetAsync(slot, _options.MaxRenditionSize, cancellationToken).ConfigureAwait(false)
                : null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The other renditions go on; the result says why this one stays too large.
            slot.Error = exception;
            return null;
        }
    }

    private static bool IsTooLarge(RenditionEvent? answer) => answer is RenditionFailed failed && failed.Reason == RenditionFailureReason.RenditionTooLarge;

    private void OnRendition(RenditionEvent answer)
    {
        RenderSlot slot = SlotOf(answer);
        slot.Event = answer;
        if (answer is RenditionCreated { Metadata.Size: var size })
        {
            slot.Done = Math.Max(slot.Done, 1);
            Report(RenderStage.Rendered, slot, size ?? 0, size);
        }
    }

    private void Report(RenderStage stage, RenderSlot? slot = null, long bytes = 0, long? total = null)
    {
        if (_progress is null)
        {
            return;
        }

        double done = _uploaded + _slots.Sum(static other => other.Done);
        _progress.Report(new RenderProgress
        {
            Stage = stage,
            Path = slot?.Requested.Path,
            Bytes = bytes,
            TotalBytes = total,
            Event = slot?.Event,
            Error = slot?.Error,
            Fraction = Math.Min(1, done / (1 + (2 * _slots.Length))),
        });
    }

    /// <summary>An event's rendition is the very object of the request, and so is its target.</summary>
    private RenderSlot SlotOf(RenditionEvent answer) =>
        _slots.First(slot => slot.Targets.Exists(target => ReferenceEquals(target.Target, answer.Rendition.Target)));

    private async Task DownloadAsync(RenderSlot slot, RenditionCreated created, CancellationToken cancellationToken)
    {
        Action<long, long> onRead = (read, total) =>
        {
            slot.Done = 1 + (total > 0 ? Math.Min(1, (double)read / total) : 1);
            Report(RenderStage.Downloading, slot, read, total);
        };
        try
        {
            if (created.Data is { } data && !_options.KeepInStorage)
            {
                await _download.SaveAsync(data, created, slot.Requested.Path, onRead, cancellationToken).ConfigureAwait(false);
                return;
            }

            slot.IsCompleting = true;
            await slot.Target.CompleteAsync(created, cancellationToken).ConfigureAwait(false);
            slot.IsStored = true;
            await _download.SaveAsync(slot.Target.Name, created, slot.Requested.Path, onRead, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The other renditions go on; the result says what became of this one.
            slot.Error = exception;
        }
    }

    /// <summary>With its dot; empty where it has letters that the service would refuse in a name.</summary>
    private static string Extension(string text) =>
        text.Length is > 0 and <= 20 && text.All(static letter => letter is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9')) ? "." + text.ToLowerInvariant() : "";
}
