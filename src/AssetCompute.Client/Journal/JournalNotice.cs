namespace AssetCompute.Client;

/// <summary>Something about reading a journal that is no event.</summary>
/// <param name="Position">Where reading stands.</param>
public abstract record JournalNotice(JournalPosition Position);
