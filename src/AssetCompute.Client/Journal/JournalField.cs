namespace AssetCompute.Client.Journal;

/// <summary>The fields of a page that something is noted of.</summary>
internal enum JournalField
{
    None,
    Events,
    Position,
    Event,
    Type,
    RequestId,
    Date,
    Metadata,

    /// <summary>What an event repeats of its request.</summary>
    Echo,
    Rendition,
    UserData,
    ClientData,
    Index,
    Correlation,
}
