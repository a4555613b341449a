namespace AssetCompute.Client.Journal;

/// <summary>The result of one read of a journal, besides its entries.</summary>
/// <param name="End">How the read ended.</param>
/// <param name="RetryAfter">How long the service asks to wait before the next read.</param>
internal readonly record struct JournalPageOutcome(JournalPageEnd End, TimeSpan? RetryAfter = null);
