namespace AssetExport;

/// <summary>How the application stands at one moment: what <c>/status.json</c> gives.</summary>
public sealed record StatusReport
{
    /// <summary>The modes.</summary>
    public required ExportMode Mode { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How many exports are in each state, over all destinations.</summary>
    public required IReadOnlyDictionary<string, long> Totals { get; init; }

    /// <summary>The destinations.</summary>
    public required IReadOnlyList<DestinationStatus> Destinations { get; init; }

    /// <summary>The exports that changed last, in each state.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<ExportEntry>> Recent { get; init; }

    /// <summary>When the next batch is due; null before the first.</summary>
    public DateTimeOffset? NextBatch { get; init; }

    /// <summary>The events that came and are not decided on yet.</summary>
    public required InboxStatus Inbox { get; init; }

    /// <summary>How the journal is read; null where it is not.</summary>
    public JournalStatus? Journal { get; init; }
}
