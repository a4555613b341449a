namespace AssetCompute.Client;

/// <summary>The reader has delivered every event in the journal.</summary>
public sealed record JournalCaughtUp : JournalNotice;
