namespace AssetCompute.Client;

/// <summary>Every event that the journal had was delivered.</summary>
public sealed record JournalCaughtUp : JournalNotice;
