namespace AssetCompute.Client;

/// <summary>Reading goes on with a new access token.</summary>
/// <param name="Position">Where reading stands.</param>
public sealed record JournalTokenRenewed(JournalPosition Position) : JournalNotice(Position);
