namespace AssetExport;

/// <summary>The status of the received events.</summary>
/// <param name="Waiting">The number of events that wait for a decision.</param>
/// <param name="Decided">The number of events with a decision in the last 8 days.</param>
/// <param name="GivenUp">The number of events that were given up.</param>
internal sealed record EventStatus(long Waiting, long Decided, long GivenUp);
