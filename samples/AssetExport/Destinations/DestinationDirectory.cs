using AssetCompute.Client;

namespace AssetExport;

/// <summary>The configured destinations by name. They are created at startup, so that wrong settings are found then.</summary>
internal sealed class DestinationDirectory : IAsyncDisposable
{
    private static readonly string[] s_commonSettings = ["Type", "MaxParallelism", "Original", "Renditions", "Name", "Schedule", "TimeZone", "MaxPerRun", "Window"];

    private readonly Dictionary<string, ExportDestination> _destinations = new(StringComparer.Ordinal);

    public DestinationDirectory(IConfiguration configuration, IEnumerable<DestinationKind> kinds, IServiceProvider services)
    {
        TimeProvider timeProvider = services.GetRequiredService<TimeProvider>();
        ExportOptions options = services.GetRequiredService<ExportOptions>();
        foreach (IConfigurationSection section in configuration.GetSection("Destinations").GetChildren())
        {
            SettingsException.ThrowIf(section.Key.Contains(',', StringComparison.Ordinal) || section.Key != section.Key.Trim(), $"{section.Path} is not a valid name: it has a comma, or begins or ends with a space.");
            string type = section.Required("Type");
            DestinationKind kind = kinds.LastOrDefault(known => known.Type.Equals(type, StringComparison.OrdinalIgnoreCase))
                ?? throw new SettingsException($"{section.Path}:Type is '{type}', and must be one of {string.Join(", ", kinds.Select(static known => known.Type).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal))}.");
            if (kind.Settings.Count > 0)
            {
                section.CheckKeys(s_commonSettings.Concat(kind.Settings));
            }

            RenditionSettings[] renditions = [.. section.GetSection("Renditions").GetChildren().Select(RenditionSettings.Read)];
            bool original = !string.Equals(section["Original"], "false", StringComparison.OrdinalIgnoreCase);
            SettingsException.ThrowIf(!original && renditions.Length == 0, $"{section.Path} exports neither the original nor a rendition.");
            SettingsException.ThrowIf(renditions.DistinctBy(static rendition => rendition.Name, StringComparer.OrdinalIgnoreCase).Count() < renditions.Length, $"{section.Path}:Renditions has two renditions with the same name.");
            SettingsException.ThrowIf(renditions.Length > 0 && services.GetService<IAssetStorage>() is null, $"{section.Path}:Renditions need a RenditionStorage.");
            int maxParallelism = section.PositiveNumber("MaxParallelism", options.MaxParallelism);
            _destinations.Add(section.Key, new ExportDestination(
                section.Key, kind.Type, kind.Create(section, services), maxParallelism, original, renditions, NameTemplate.Read(section), Pace.Read(section, options.Batch), new Pause(timeProvider)));
        }
    }

    public IReadOnlyCollection<ExportDestination> All => _destinations.Values;

    public ExportDestination? Find(string name) => _destinations.GetValueOrDefault(name);

    public async ValueTask DisposeAsync()
    {
        foreach (IExportDestination target in All.Select(static destination => destination.Target))
        {
            (target as IDisposable)?.Dispose();
            await ((target as IAsyncDisposable)?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }
}
