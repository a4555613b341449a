namespace AssetCompute.Client.Journal;

/// <summary>What a feed delivers: entries, or a notice about the reading, in their order.</summary>
internal readonly record struct JournalFeedItem(JournalChunk? Chunk, JournalNotice? Notice);
