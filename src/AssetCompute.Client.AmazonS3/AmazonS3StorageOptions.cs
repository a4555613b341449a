using Amazon.Runtime;

namespace AssetCompute.Client.AmazonS3;

/// <summary>How a bucket is used.</summary>
public sealed class AmazonS3StorageOptions
{
    /// <summary>The beginning of every object's key, such as <c>renditions/</c>. Default: empty.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>
    /// How long pre-signed URLs work unless the call says otherwise; over zero, up to 7 days, which is the limit of Amazon's signatures. Where the credentials expire earlier, the URLs expire with
    /// them. Default: 2 hours.
    /// </summary>
    public TimeSpan UrlLifetime { get; set; } = TimeSpan.FromHours(2);

    /// <summary>
    /// The credentials of the client, of which only the expiry is used: name the object that the client was made with, since the client does not show it. Default:
    /// <c>client.Config.DefaultAWSCredentials</c>; where that is null too, the expiry is not known.
    /// </summary>
    public AWSCredentials? Credentials { get; set; }

    /// <summary>How many bytes the service sends to one URL of a target; 5 MiB, which is the least that S3 accepts, to 100 MiB, which is the most that the service sends. Default: 100 MiB.</summary>
    public long PartSize { get; set; } = StorageTargetOptions.MaxPartSize;

    /// <summary>
    /// How many bytes of an upload are held in memory and sent at once; 5 MiB, which is the least that S3 accepts, to 1 GiB. S3 accepts 10,000 such parts: with the default, objects of
    /// 78 GiB. Default: 8 MiB.
    /// </summary>
    public int UploadPartSize { get; set; } = 8 << 20;

    internal static AmazonS3StorageOptions Checked(AmazonS3StorageOptions? options, string parameter)
    {
        options ??= new AmazonS3StorageOptions();
        Require(parameter, options.Prefix is not null, nameof(Prefix), "null", "a text");
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
