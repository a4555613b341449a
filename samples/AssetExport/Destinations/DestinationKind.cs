namespace AssetExport;

/// <summary>A kind of destination. If it names no settings, any are allowed.</summary>
internal sealed record DestinationKind(string Type, Func<IConfigurationSection, IServiceProvider, IExportDestination> Create, IReadOnlyCollection<string> Settings);
