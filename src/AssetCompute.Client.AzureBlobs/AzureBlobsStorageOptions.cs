using Azure.Storage.Blobs;

namespace AssetCompute.Client.AzureBlobs;

/// <summary>The settings of a container.</summary>
public sealed class AzureBlobsStorageOptions
{
    /// <summary>The prefix of every blob's name, such as <c>renditions/</c>. Default: empty.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>
    /// How long URLs are valid unless the call specifies otherwise; over zero, and up to 7 days if the client has a <c>TokenCredential</c>. Default: 2 hours.
    /// A SAS of the container that expires earlier is renewed, or causes an error.
    /// </summary>
    public TimeSpan UrlLifetime { get; set; } = TimeSpan.FromHours(2);

    /// <summary>The maximum number of bytes that the service sends to one URL of a target; over 0, up to 100 MiB, the maximum of the service. Default: 100 MiB.</summary>
    public long PartSize { get; set; } = StorageTargetOptions.MaxPartSize;

    /// <summary>
    /// The size of the blocks of an upload in bytes, each kept in memory; 64 KiB to 1 GiB. Azure accepts 50,000 blocks: with the default, blobs of 390 GiB.
    /// Default: 8 MiB.
    /// </summary>
    public int UploadPartSize { get; set; } = 8 << 20;

    /// <summary>
    /// Retries, timeouts, proxy and transport of the client that the storage creates for a SAS URL. A <c>BlobContainerClient</c> of the application has its
    /// own options. Default: the SDK's defaults.
    /// </summary>
    public BlobClientOptions? ClientOptions { get; set; }

    internal static AzureBlobsStorageOptions Checked(AzureBlobsStorageOptions? options, string parameter)
    {
        options ??= new AzureBlobsStorageOptions();
        Require(parameter, options.UrlLifetime > TimeSpan.Zero, nameof(UrlLifetime), options.UrlLifetime, "over zero");
        Require(parameter, options.PartSize is > 0 and <= StorageTargetOptions.MaxPartSize, nameof(PartSize), options.PartSize, "over 0, up to 100 MiB");
        Require(parameter, options.UploadPartSize is >= 64 << 10 and <= 1 << 30, nameof(UploadPartSize), options.UploadPartSize, "64 KiB to 1 GiB");
        return options;
    }

    private static void Require(string parameter, bool holds, string option, object value, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(parameter, value, $"{nameof(AzureBlobsStorageOptions)}.{option} must be {range}.");
        }
    }
}
