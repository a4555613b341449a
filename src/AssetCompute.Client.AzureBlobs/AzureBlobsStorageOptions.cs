namespace AssetCompute.Client.AzureBlobs;

/// <summary>How a container is used.</summary>
public sealed class AzureBlobsStorageOptions
{
    /// <summary>What stands before every name in the container, such as <c>renditions/</c>. Default: nothing.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>
    /// How long URLs must work unless said otherwise; over zero. Default: 2 hours. They all carry the container's SAS and end with it: a SAS that ends sooner is asked for anew, or else an
    /// error.
    /// </summary>
    public TimeSpan UrlLifetime { get; set; } = TimeSpan.FromHours(2);

    /// <summary>How many bytes the service sends to one URL of a target of several parts; over 0, up to 100 MiB, which is the most that the service sends. Default: 100 MiB.</summary>
    public long PartSize { get; set; } = StorageTargetOptions.MaxPartSize;

    /// <summary>
    /// How many bytes of an upload are held in memory and sent at once; 64 KiB to 1 GiB. Azure takes 50,000 such blocks: with the default, blobs of 390 GiB. Default: 8 MiB.
    /// </summary>
    public int UploadPartSize { get; set; } = 8 << 20;

    /// <summary>How many times a call is sent again after a failure that may pass; 0 or more. Default: 4.</summary>
    public int MaxRetryAttempts { get; set; } = 4;

    internal void Validate(string parameter)
    {
        Require(parameter, Prefix is not null, nameof(Prefix), "null", "a text");
        Require(parameter, UrlLifetime > TimeSpan.Zero, nameof(UrlLifetime), UrlLifetime, "over zero");
        Require(parameter, PartSize is > 0 and <= StorageTargetOptions.MaxPartSize, nameof(PartSize), PartSize, "over 0, up to 100 MiB");
        Require(parameter, UploadPartSize is >= 64 << 10 and <= 1 << 30, nameof(UploadPartSize), UploadPartSize, "64 KiB to 1 GiB");
        Require(parameter, MaxRetryAttempts >= 0, nameof(MaxRetryAttempts), MaxRetryAttempts, "0 or more");
    }

    private static void Require(string parameter, bool holds, string option, object value, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(parameter, value, $"{nameof(AzureBlobsStorageOptions)}.{option} must be {range}.");
        }
    }
}
