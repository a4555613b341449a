namespace AssetCompute.Client.Journal;

/// <summary>What a feed delivers, in order: entries, or a notice about the reading.</summary>
internal readonly record struct JournalFeedItem(IReadOnlyList<JournalEntry>? Entries, JournalNotice? Notice);
