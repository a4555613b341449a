namespace AssetCompute.Client;

/// <summary>
/// The position had expired, and reading goes on elsewhere: what lay between was kept for seven days and is lost. The same where the client was registered anew
/// and has another journal: what was not read of the old one is lost.
/// </summary>
/// <param name="Position">Where reading goes on.</param>
/// <param name="Expired">The position that had expired.</param>
public sealed record JournalGap(JournalPosition Position, JournalPosition Expired) : JournalNotice(Position);
