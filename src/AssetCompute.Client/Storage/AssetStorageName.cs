using System.Text;

namespace AssetCompute.Client;

/// <summary>What the name of an object in a storage may look like: for those who write a storage of their own.</summary>
public static class AssetStorageName
{
    // S3 takes 1,024 with the prefix that the options put before a name.
    private const int MaxBytes = 900;

    // Azure takes 254.
    private const int MaxSegments = 250;
    private static readonly char[] s_refusedInTargets = ['[', ']', '{', '}', '&', ':', '\\', '?', '#', '|', '*', '%'];

    /// <summary>
    /// Checks a name: 1 to 900 bytes in UTF-8, up to 250 segments between slashes, none of them empty, <c>.</c> or <c>..</c>, no control characters. Every storage of
    /// this library can hold such a name; Amazon S3 with up to 124 bytes of <c>AmazonS3StorageOptions.Prefix</c> before it.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">It is null, empty or breaks a rule.</exception>
    public static void ThrowIfInvalid(string? name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string[] segments = name!.Split('/');
        if (Encoding.UTF8.GetByteCount(name) > MaxBytes || name.Any(char.IsControl) || segments.Length > MaxSegments || segments.Any(static segment => segment is "" or "." or ".."))
        {
            throw new ArgumentException($"The name of an object has 1 to {MaxBytes} bytes in UTF-8: up to {MaxSegments} segments between slashes, none of them empty, '.' or '..', and no control characters.", nameof(name));
        }
    }

    /// <summary>
    /// Checks the name of a rendition: the rules of <see cref="ThrowIfInvalid"/>, and none of <c>[ ] { } &amp; : \ ? # | * %</c> in the last segment.
    /// </summary>
    /// <remarks>Adobe's worker fails a rendition whose target's URL ends with such a name, after it was made.</remarks>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">It is null, empty or breaks a rule.</exception>
    public static void ThrowIfInvalidForTarget(string? name)
    {
        ThrowIfInvalid(name);
        if (name!.IndexOfAny(s_refusedInTargets, name.LastIndexOf('/') + 1) >= 0)
        {
            throw new ArgumentException("The last segment of a rendition's name must have none of [ ] { } & : \\ ? # | * %, for the service refuses to upload to such a name.", nameof(name));
        }
    }
}
