namespace AssetExport;

/// <summary>How the inbox stands.</summary>
/// <param name="Waiting">How many events wait, or are in work.</param>
/// <param name="Completed">How many were decided on lately.</param>
/// <param name="DeadLetters">Those that were given up.</param>
public sealed record InboxStatus(long Waiting, long Completed, IReadOnlyList<DeadLetterStatus> DeadLetters);
