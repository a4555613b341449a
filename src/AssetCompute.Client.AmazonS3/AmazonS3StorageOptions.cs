namespace AssetCompute.Client.AmazonS3;

/// <summary>How a bucket is used.</summary>
public sealed class AmazonS3StorageOptions
{
    /// <summary>What stands before every name in the bucket, such as <c>renditions/</c>. Default: nothing.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>
    /// How long pre-signed URLs work unless said otherwise; over zero, up to 7 days, which is the limit of Amazon's signatures. Default: 2 hours. Where the
    /// credentials are temporary, URLs end with them at the latest.
    /// </summary>
    public TimeSpan UrlLifetime { get; set; } = TimeSpan.FromHours(2);

    /// <summary>
    /// How many bytes the service sends to one URL of a target of several parts; 5 MiB, which is the least that S3 takes, to 100 MiB, which is the most that the
    /// service sends. Default: 100 MiB.
    /// </summary>
    public long PartSize { get; set; } = StorageTargetOptions.MaxPartSize;

    /// <summary>
    /// How many bytes of an upload are held in memory and sent at once; 5 MiB, which is the least that S3 takes, to 1 GiB. S3 takes 10,000 such parts: with the default, objects of
    /// 78 GiB. Default: 8 MiB.
    /// </summary>
    public int UploadPartSize { get; set; } = 8 << 20;

    internal void Validate(string parameter)
    {
        Require(parameter, Prefix is not null, nameof(Prefix), "null", "a text");
        Require(parameter, UrlLifetime > TimeSpan.Zero && UrlLifetime <= AmazonS3Storage.MaxUrlLifetime, nameof(UrlLifetime), UrlLifetime, "over zero, up to 7 days");
        Require(parameter, PartSize is >= AmazonS3Storage.MinPartSize and <= StorageTargetOptions.MaxPartSize, nameof(PartSize), PartSize, "5 MiB to 100 MiB");
        Require(parameter, UploadPartSize is >= (int)AmazonS3Storage.MinPartSize and <= 1 << 30, nameof(UploadPartSize), UploadPartSize, "5 MiB to 1 GiB");
    }

    private static void Require(string parameter, bool holds, string option, object value, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(parameter, value, $"{nameof(AmazonS3StorageOptions)}.{option} must be {range}.");
        }
    }
}
