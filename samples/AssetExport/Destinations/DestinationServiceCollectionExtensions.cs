namespace AssetExport;

/// <summary>Registers kinds of destinations.</summary>
public static class DestinationServiceCollectionExtensions
{
    /// <summary>Registers a kind of destination, for every section below <c>Destinations</c> with its <c>Type</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="type">The kind.</param>
    /// <param name="create">Makes a destination of its section of the configuration. One that is disposable is disposed with the application.</param>
    /// <param name="settings">The settings that it takes, beside those that all have; another one is an error. Default: any.</param>
    /// <returns>The services, for further ones.</returns>
    public static IServiceCollection AddExportDestination(
        this IServiceCollection services, string type, Func<IConfigurationSection, IServiceProvider, IExportDestination> create, params string[] settings) =>
        services.AddSingleton(new DestinationKind(type, create, settings));

    /// <summary>Registers the kinds of this program, the destinations of the settings, and the rules that choose among them.</summary>
    internal static IServiceCollection AddExportDestinations(this IServiceCollection services) => services
        .AddExportDestination("AzureBlobs", StorageDestination.CreateAzureBlobs, [.. StorageDestination.AzureBlobsSettings, "Prefix"])
        .AddExportDestination("AmazonS3", StorageDestination.CreateAmazonS3, [.. StorageDestination.AmazonS3Settings, "Prefix"])
        .AddExportDestination("Command", CommandDestination.Create, "File", "Arguments", "FindArguments", "NameByEnvironment", "Timeout")
        .AddExportDestination("Folder", FolderDestination.Create, "Path", "Mounted")
        .AddExportDestination("Marketo", MarketoDestination.Create, "RestHost", "ClientId", "ClientSecret", "FolderId")
        .AddExportDestination("Sftp", SftpDestination.Create, "Host", "Port", "User", "Password", "PrivateKeyFile", "Passphrase", "HostKey", "KnownHostsFile", "Path")
        .AddExportDestination("WebDav", WebDavDestination.Create, "Url", "UserName", "Password")
        .AddSingleton(static provider => ExportRules.Read(provider.GetRequiredService<IConfiguration>()))
        .AddSingleton<DestinationDirectory>();
}
