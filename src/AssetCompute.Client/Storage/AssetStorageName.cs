using System.Text;

namespace AssetCompute.Client;

/// <summary>The rules for names of objects in a storage, for implementations of <see cref="IAssetStorage"/>.</summary>
public static class AssetStorageName
{
    // S3 allows 1,024, including the prefix from the options.
    private const int MaxBytes = 900;

    // Azure allows 254.
    private const int MaxSegments = 250;
    private static readonly char[] s_refusedInTargets = ['[', ']', '{', '}', '&', ':', '\\', '?', '#', '|', '*', '%'];

    /// <summary>
    /// Checks a name: 1 to 900 bytes in UTF-8, up to 250 segments between slashes, no segment that is empty, <c>.</c> or <c>..</c>, no control characters.
    /// Every storage of this library accepts such a name; Amazon S3 with up to 124 bytes of <c>AmazonS3StorageOptions.Prefix</c> before it.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">The name is null, empty or breaks a rule.</exception>
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
    /// Checks the name of a rendition: the rules of <see cref="ThrowIfInvalid"/>, and no <c>[ ] { } &amp; : \ ? # | * %</c> in the last segment.
    /// </summary>
    /// <remarks>Adobe's worker creates such a rendition, and then fails it if the URL of its target ends with the name.</remarks>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">The name is null, empty or breaks a rule.</exception>
    public static void ThrowIfInvalidForTarget(string? name)
    {
        ThrowIfInvalid(name);
        if (name!.IndexOfAny(s_refusedInTargets, name.LastIndexOf('/') + 1) >= 0)
        {
            throw new ArgumentException("The last segment of a rendition's name must not contain [ ] { } & : \\ ? # | * %, because the service refuses to upload to such a name.", nameof(name));
        }
    }
}
