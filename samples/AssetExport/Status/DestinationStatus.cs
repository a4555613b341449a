namespace AssetExport;

/// <summary>How a destination stands.</summary>
/// <param name="Name">Its name; empty for assets that have none.</param>
/// <param name="Type">Its kind; null where it is not in the settings.</param>
/// <param name="States">How many exports are in each state.</param>
public sealed record DestinationStatus(string Name, string? Type, IReadOnlyDictionary<string, long> States);
