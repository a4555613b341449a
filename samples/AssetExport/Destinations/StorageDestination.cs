using Amazon.S3;
using AssetCompute.Client;
using AssetCompute.Client.AmazonS3;
using AssetCompute.Client.AzureBlobs;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace AssetExport;

/// <summary>A container of Azure Blob Storage, or an S3 bucket. The SDK's storage streams in parts and commits at the end.</summary>
internal sealed class StorageDestination(IAssetStorage storage, string place, string prefix) : IExportDestination, IDisposable
{
    public static readonly string[] AzureBlobsSettings = ["ContainerUrl", "ManagedIdentityClientId"];
    public static readonly string[] AmazonS3Settings = ["Bucket", "Region", "ServiceUrl", "AccessKeyId", "SecretAccessKey"];

    private const string DefaultPrefix = "aem-exported-assets/";

    public static IExportDestination CreateAzureBlobs(IConfigurationSection section, IServiceProvider services) =>
        new StorageDestination(CreateAzureBlobsStorage(section), section.RequiredUrl("ContainerUrl").GetLeftPart(UriPartial.Path), ReadPrefix(section));

    public static IExportDestination CreateAmazonS3(IConfigurationSection section, IServiceProvider services) =>
        new StorageDestination(CreateAmazonS3Storage(section), $"s3://{section["Bucket"]}", ReadPrefix(section));

    /// <summary>Creates the storage. A URL without a SAS uses the managed identity of the machine, or another credential that Azure.Identity finds.</summary>
    public static IAssetStorage CreateAzureBlobsStorage(IConfigurationSection section)
    {
        Uri url = section.RequiredUrl("ContainerUrl");
        return new AzureBlobsStorage(url.Query.Length > 0
            ? new BlobContainerClient(url)
            : new BlobContainerClient(url, new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = section["ManagedIdentityClientId"] })));
    }

    public static IAssetStorage CreateAmazonS3Storage(IConfigurationSection section)
    {
        AmazonS3Config config = section["ServiceUrl"] is null
            ? new AmazonS3Config { RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(section.Required("Region")) }
            : new AmazonS3Config { ServiceURL = section.RequiredUrl("ServiceUrl").AbsoluteUri, ForcePathStyle = true, AuthenticationRegion = section["Region"] ?? "us-east-1" };

        // Without a key in the settings, the SDK uses its default sources: environment, profile, role of the machine. The client lives as long as the program.
        AmazonS3Client client = section["AccessKeyId"] is { Length: > 0 } key ? new AmazonS3Client(key, section.Required("SecretAccessKey"), config) : new AmazonS3Client(config);
        // The smallest part size that S3 allows, because each part is kept in memory.
        return new AmazonS3Storage(client, section.Required("Bucket"), new AmazonS3StorageOptions { UploadPartSize = 5 << 20 });
    }

    public async Task<ExportReceipt> ExportAsync(ExportItem item, CancellationToken cancellationToken)
    {
        string name = prefix + item.Name;
        try
        {
            await using Stream content = await item.OpenReadAsync(cancellationToken);
            await storage.UploadAsync(name, content, item.ContentType, cancellationToken);
        }
        catch (AssetStorageException exception) when (Busy.WaitOf(exception) is not null)
        {
            throw new DestinationBusyException(exception.Message, innerException: exception);
        }
        catch (CredentialUnavailableException exception)
        {
            throw new DestinationBusyException("No identity for Azure was found: add a SAS to ContainerUrl, or run with a managed identity.", TimeSpan.FromMinutes(1), exception);
        }

        return new ExportReceipt($"{place}/{name}");
    }

    public async Task<StoredExport?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            using StoredAsset stored = await storage.OpenReadAsync(prefix + name, cancellationToken);
            return new StoredExport(stored.Length);
        }
        catch (AssetStorageException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    public string? WhyNotStorable(string name) => WhyNot(prefix + name);

    public Task<string> ProbeAsync(CancellationToken cancellationToken) => ProbeFile.RunAsync(this, name => storage.DeleteAsync(prefix + name, cancellationToken), cancellationToken);

    public void Dispose() => (storage as IDisposable)?.Dispose();

    private static string? WhyNot(string name)
    {
        try
        {
            AssetStorageName.ThrowIfInvalid(name);
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }

    private static string ReadPrefix(IConfigurationSection section)
    {
        string prefix = section["Prefix"] ?? DefaultPrefix;
        return WhyNot($"{prefix}content") is not { } wrong ? prefix : throw new SettingsException($"{section.Path}:Prefix cannot be the beginning of a name. {wrong}");
    }
}
