using Amazon.Runtime;

namespace AssetCompute.Client.AmazonS3;

/// <summary>The settings of a bucket.</summary>
public sealed class AmazonS3StorageOptions
{
    /// <summary>The prefix of every object's key, such as <c>renditions/</c>. Default: empty.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>
    /// How long pre-signed URLs are valid unless the call specifies otherwise; over zero, up to 7 days, the limit of Amazon's signatures. If the credentials
    /// expire earlier, the URLs expire with them. Default: 2 hours.
    /// </summary>
    public TimeSpan UrlLifetime { get; set; } = TimeSpan.FromHours(2);

    /// <summary>
    /// The credentials of the client. Only their expiry is used. Set the object that the client was created with, because the client does not expose it. Default:
    /// <c>client.Config.DefaultAWSCredentials</c>; if that is null too, the expiry is unknown.
    /// </summary>
    public AWSCredentials? Credentials { get; set; }

    /// <summary>The maximum number of bytes that the service sends to one URL of a target; 5 MiB (the minimum of S3) to 100 MiB (the maximum of the service). Default: 100 MiB.</summary>
    public long PartSize { get; set; } = StorageTargetOptions.MaxPartSize;

    /// <summary>
    /// The size of the parts of an upload in bytes, each kept in memory; 5 MiB (the minimum of S3) to 1 GiB. S3 accepts 10,000 parts: with the default,
    /// objects of 78 GiB. Default: 8 MiB.
    /// </summary>
    public int UploadPartSize { get; set; } = 8 << 20;

    internal static AmazonS3StorageOptions Checked(AmazonS3StorageOptions? options, string parameter)
    {
        options ??= new AmazonS3StorageOptions();
        Require(parameter, options.UrlLifetime > TimeSpan.Zero && options.UrlLifetime <= AmazonS3Storage.MaxUrlLifetime, nameof(UrlLifetime), options.UrlLifetime, "over zero, up to 7 days");
        Require(parameter, options.PartSize is >= AmazonS3Storage.MinPartSize and <= StorageTargetOptions.MaxPartSize, nameof(PartSize), options.PartSize, "5 MiB to 100 MiB");
        Require(parameter, options.UploadPartSize is >= (int)AmazonS3Storage.MinPartSize and <= 1 << 30, nameof(UploadPartSize), options.UploadPartSize, "5 MiB to 1 GiB");
        return options;
    }

    private static void Require(string parameter, bool holds, string option, object value, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(parameter, value, $"{nameof(AmazonS3StorageOptions)}.{option} must be {range}.");
        }
    }
}
