namespace AssetCompute.Client.Storage;

/// <summary>One rendition of a run: its targets so far, and its outcome.</summary>
internal sealed class RenderSlot(int index, FileRendition requested)
{
    // Once this is set, the storage may contain an object, even if the call failed.
    private bool _isCompleting;
    private bool _isStored;

    public int Index => index;

    public FileRendition Requested => requested;

    /// <summary>The last target is in use. An earlier one has expired, or was too small.</summary>
    public List<StorageTarget> Targets { get; } = [];

    public StorageTarget Target => Targets[Targets.Count - 1];

    public RenditionEvent? Event { get; set; }

    public Exception? Error { get; set; }

    /// <summary>The progress of this rendition: rendering counts 1, and the download counts 1.</summary>
    public double Done { get; set; }

    /// <summary>Completes the target, and writes the rendition to its file. A failure becomes <see cref="Error"/>.</summary>
    public async Task DownloadAsync(RenditionCreated created, RenditionDownload download, bool keep, Action<long, long> onRead, CancellationToken cancellationToken)
    {
        try
        {
            if (created.Data is { } data && !keep)
            {
                await download.SaveAsync(data, created, requested.Path, OnRead, cancellationToken).ConfigureAwait(false);
                return;
            }

            _isCompleting = true;
            await Target.CompleteAsync(created, cancellationToken).ConfigureAwait(false);
            _isStored = true;
            await download.SaveAsync(Target.Name, created, requested.Path, OnRead, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The other renditions continue. The result has the error of this one.
            Error = exception;
        }

        void OnRead(long read, long total)
        {
            Done = 1 + (total > 0 ? Math.Min(1, (double)read / total) : 1);
            onRead(read, total);
        }
    }

    /// <summary>Removes everything that a target has left in the storage.</summary>
    public async Task RemoveAsync(StorageTarget target, IAssetStorage storage, bool keep, CancellationToken cancellationToken)
    {
        try
        {
            // Has no effect after a completion.
            await target.AbortAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (_isCompleting && ReferenceEquals(target, Target) && !(_isStored && keep))
            {
                await storage.DeleteAsync(target.Name, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public RenderedFile ToResult(bool kept) => new()
    {
        Requested = requested,
        Event = Event,
        Error = Error,
        StorageName = kept && _isStored ? Target.Name : null,
    };
}
