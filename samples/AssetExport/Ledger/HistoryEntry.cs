namespace AssetExport;

/// <summary>An entry in the history of an asset. The parameters have the order of the columns.</summary>
/// <param name="Destination">The destination; empty if the entry is not about one.</param>
/// <param name="What">The kind of entry: <c>planned</c>, <c>busy</c>, <c>attempt failed</c>, <c>exported</c>, <c>failed</c>, <c>skipped</c>, <c>retried</c> or <c>repeated</c>.</param>
/// <param name="Detail">The reason, or the location of the asset; null if there is none.</param>
/// <param name="By">The operator; null for the application, or if unknown.</param>
internal sealed record HistoryEntry(DateTimeOffset At, string Path, string Destination, string What, string? Detail, string? By);
