namespace AssetExport;

/// <summary>Registers kinds of destinations.</summary>
public static class DestinationServiceCollectionExtensions
{
    /// <summary>Registers a kind of destination for each section below <c>Destinations</c> that has its <c>Type</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="type">The kind.</param>
    /// <param name="create">Creates a destination from its configuration section. A disposable destination is disposed with the application.</param>
    /// <param name="settings">The names of its settings, in addition to the common ones. Any other setting is an error. Default: any name is allowed.</param>
    /// <returns>The services, for chaining.</returns>
    public static IServiceCollection AddExportDestination(
        this IServiceCollection services, string type, Func<IConfigurationSection, IServiceProvider, IExportDestination> create, params string[] settings) =>
        services.AddSingleton(new DestinationKind(type, create, settings));

    /// <summary>Registers the built-in kinds, the configured destinations, and the rules that select a destination.</summary>
    internal static IServiceCollection AddExportDestinations(this IServiceCollection services) => services
        .AddExportDestination("AzureBlobs", StorageDestination.CreateAzureBlobs, [.. StorageDestination.AzureBlobsSettings, "Prefix"])
        .AddExportDestination("AmazonS3", StorageDestination.CreateAmazonS3, [.. StorageDestination.AmazonS3Settings, "Prefix"])
        .AddExportDestination("Command", CommandDestination.Create, "File", "Arguments", "Timeout")
        .AddExportDestination("Folder", FolderDestination.Create, "Path", "Mounted")
        .AddExportDestination("Marketo", MarketoDestination.Create, "RestHost", "ClientId", "ClientSecret", "FolderId")
        .AddExportDestination("Sftp", SftpDestination.Create, "Host", "Port", "User", "Password", "PrivateKeyFile", "Passphrase", "HostKey", "KnownHostsFile", "Path")
        .AddExportDestination("WebDav", WebDavDestination.Create, "Url", "UserName", "Password")
        .AddSingleton(static provider => ExportRules.Read(provider.GetRequiredService<IConfiguration>()))
        .AddSingleton<DestinationDirectory>();
}
