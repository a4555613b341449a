namespace AssetCompute.Client.Journal;

/// <summary>Where one entry lies in the bytes of its chunk, and what was seen of its event while the page was walked.</summary>
internal struct JournalSlice
{
    /// <summary>No length where the entry has no position.</summary>
    public int PositionStart;
    public int PositionLength;
    public int EventStart;
    public int EventLength;
    public RenditionEventKind Kind;

    /// <summary>Whether any of the texts below, or the position, is written with escapes.</summary>
    public bool HasEscapes;

    /// <summary>The request id in the event; no length where there is none.</summary>
    public int RequestIdStart;
    public int RequestIdLength;

    /// <summary>The request id that the client itself had put beside the rendition; no length where there is none.</summary>
    public int CorrelationStart;
    public int CorrelationLength;

    /// <summary>The index of the rendition in its request, as the client itself had put it beside the rendition; -1 where there is none.</summary>
    public int RenditionIndex;

    /// <summary>The JSON of the date and of the metadata in the event; no length where there is none.</summary>
    public int DateStart;
    public int DateLength;
    public int MetadataStart;
    public int MetadataLength;

    /// <summary>Whether the event has more than what answers usually have, so that all of it must be looked at.</summary>
    public bool HasMore;

    public void MoveBy(int offset)
    {
        PositionStart += offset;
        EventStart += offset;
        RequestIdStart += offset;
        CorrelationStart += offset;
        DateStart += offset;
        MetadataStart += offset;
    }
}
