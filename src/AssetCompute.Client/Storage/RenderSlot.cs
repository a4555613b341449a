namespace AssetCompute.Client.Storage;

/// <summary>One rendition of a run: its targets so far, and what became of it.</summary>
internal sealed class RenderSlot(int index, FileRendition requested)
{
    public int Index => index;

    public FileRendition Requested => requested;

    /// <summary>The last one is in use. An earlier one has expired, or was too small.</summary>
    public List<StorageTarget> Targets { get; } = [];

    public StorageTarget Target => Targets[Targets.Count - 1];

    public RenditionEvent? Event { get; set; }

    public Exception? Error { get; set; }

    /// <summary>Whether the completion of the target was begun: from then on an object may lie in the storage, whatever became of the call.</summary>
    public bool IsCompleting { get; set; }

    /// <summary>Whether the rendition lies in the storage, as an object.</summary>
    public bool IsStored { get; set; }

    /// <summary>What is done of this rendition: made counts 1, downloaded another 1.</summary>
    public double Done { get; set; }

    public RenderedFile ToResult(bool kept) => new()
    {
        Requested = requested,
        Event = Event,
        Error = Error,
        StorageName = kept && IsStored ? Target.Name : null,
    };
}
