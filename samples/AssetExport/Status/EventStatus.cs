namespace AssetExport;

/// <summary>The status of the events that came.</summary>
/// <param name="Waiting">How many wait for a decision.</param>
/// <param name="Decided">How many were decided in the last 8 days.</param>
/// <param name="GivenUp">How many were given up.</param>
public sealed record EventStatus(long Waiting, long Decided, long GivenUp);
