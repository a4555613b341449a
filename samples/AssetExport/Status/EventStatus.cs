namespace AssetExport;

/// <summary>The number of received events: waiting for a decision, decided in the last 8 days, and failed.</summary>
internal sealed record EventStatus(long Waiting, long Decided, long GivenUp);
