namespace AssetExport;

/// <summary>How a kind of destination is made of its settings.</summary>
/// <param name="Type">The kind, as <c>Type</c> of a destination names it.</param>
/// <param name="Create">Makes one.</param>
/// <param name="Settings">The settings that it takes; empty if that is not known.</param>
internal sealed record DestinationKind(string Type, Func<IConfigurationSection, IServiceProvider, IExportDestination> Create, IReadOnlyCollection<string> Settings);
