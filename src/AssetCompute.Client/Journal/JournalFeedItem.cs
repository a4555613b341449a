namespace AssetCompute.Client.Journal;

/// <summary>An item that a feed delivers, in order: entries, a notice about the reading, or neither if no more are available without a wait.</summary>
internal readonly record struct JournalFeedItem(IReadOnlyList<JournalEntry>? Entries, JournalNotice? Notice);
