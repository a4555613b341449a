namespace AssetCompute.Client.Journal;

/// <summary>The containers on the way to what is wanted of a page, each inside the one before it: the number of those that are open is the depth of the reader.</summary>
internal enum JournalContainer
{
    None = -1,
    Page,
    Events,
    Entry,
    Event,
    Rendition,
    UserData,
    ClientData,
}
