namespace AssetExport;

/// <summary>An event that was given up.</summary>
/// <param name="Id">The id of the event.</param>
/// <param name="Reason">Why.</param>
/// <param name="Time">When.</param>
public sealed record DeadLetterStatus(string Id, string Reason, DateTimeOffset Time);
