namespace AssetExport;

/// <summary>A kind of destination.</summary>
/// <param name="Type">The kind, as in <c>Type</c> of a destination.</param>
/// <param name="Create">Creates a destination from its settings.</param>
/// <param name="Settings">The names of its settings; empty if unknown.</param>
internal sealed record DestinationKind(string Type, Func<IConfigurationSection, IServiceProvider, IExportDestination> Create, IReadOnlyCollection<string> Settings);
