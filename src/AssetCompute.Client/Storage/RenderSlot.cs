namespace AssetCompute.Client.Storage;

/// <summary>One rendition of a run: its targets so far, and its outcome.</summary>
internal sealed class RenderSlot(int index, FileRendition requested)
{
    public int Index => index;

    public FileRendition Requested => requested;

    /// <summary>The last target is in use. An earlier one has expired, or was too small.</summary>
    public List<StorageTarget> Targets { get; } = [];

    public StorageTarget Target => Targets[Targets.Count - 1];

    public RenditionEvent? Event { get; set; }

    public Exception? Error { get; set; }

    /// <summary>The progress of this rendition: rendering counts 1, and the download counts 1.</summary>
    public double Done { get; set; }

    public RenderedFile ToResult() => new() { Requested = requested, Event = Event, Error = Error };
}
