namespace AssetCompute.Client;

/// <summary>What the name of an object in a storage may look like: for those who write a storage of their own.</summary>
public static class AssetStorageName
{
    private const int MaxLength = 900;
    private static readonly char[] s_refusedInTargets = ['[', ']', '{', '}', '&', ':', '\\', '?', '#', '|', '*', '%'];

    /// <summary>
    /// Checks a name: 1 to 900 characters, segments between slashes, none of them empty, <c>.</c> or <c>..</c>, no control characters. Every storage of
    /// this library can hold such a name.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">It is null, empty or breaks a rule.</exception>
    public static void ThrowIfInvalid(string? name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name!.Length > MaxLength || name.Any(char.IsControl) || name.Split('/').Any(static segment => segment is "" or "." or ".."))
        {
            throw new ArgumentException($"The name of an object has 1 to {MaxLength} characters: segments between slashes, none of them empty, '.' or '..', and no control characters.", nameof(name));
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
