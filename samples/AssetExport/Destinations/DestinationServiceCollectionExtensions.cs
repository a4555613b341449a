namespace AssetExport;

/// <summary>Registers kinds of destinations.</summary>
public static class DestinationServiceCollectionExtensions
{
    /// <summary>Registers a kind of destination, for every section below <c>Destinations</c> with its <c>Type</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="type">The kind.</param>
    /// <param name="create">Makes a destination of its section of the configuration. One that is disposable is disposed with the application.</param>
    /// <returns>The services, for further ones.</returns>
    public static IServiceCollection AddExportDestination(this IServiceCollection services, string type, Func<IConfigurationSection, IServiceProvider, IExportDestination> create) =>
        services.AddSingleton(new DestinationKind(type, create));

    /// <summary>Registers the kinds of this program, the destinations of the settings, and the rules that choose among them.</summary>
    internal static IServiceCollection AddExportDestinations(this IServiceCollection services) => services
        .AddExportDestination("AzureBlobs", StorageDestination.CreateAzureBlobs)
        .AddExportDestination("AmazonS3", StorageDestination.CreateAmazonS3)
        .AddExportDestination("Command", CommandDestination.Create)
        .AddExportDestination("Folder", FolderDestination.Create)
        .AddExportDestination("Marketo", MarketoDestination.Create)
        .AddExportDestination("Sftp", SftpDestination.Create)
        .AddExportDestination("WebDav", WebDavDestination.Create)
        .AddSingleton(static provider => ExportRules.Read(provider.GetRequiredService<IConfiguration>()))
        .AddSingleton<DestinationDirectory>();
}
