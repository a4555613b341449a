namespace AssetCompute.Client.Journal;

/// <summary>What a feed delivers, in order: entries, or a notice about the reading, or neither where no more is at hand without a wait.</summary>
internal readonly record struct JournalFeedItem(IReadOnlyList<JournalEntry>? Entries, JournalNotice? Notice);
