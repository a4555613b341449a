namespace AssetCompute.Client.Journal;

/// <summary>An entry of a page.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Problem">Why the event cannot be handed out; null when it can.</param>
internal readonly record struct JournalPageEntry(JournalEntry Entry, string? Problem);
