namespace AssetCompute.Client.Webhooks;

/// <summary>
/// The one form in which a delivery may name a key: <c>/prod/keys/pub-key-….pem</c>, and <c>stage</c> in place of <c>prod</c>. Whoever sends a delivery
/// writes the path, so nothing is let through that could lead away from the pinned host and folder.
/// </summary>
internal static class PublicKeyPath
{
    private const int MaxLength = 200;
    private const string Suffix = ".pem";
    private static readonly string[] Prefixes = ["/prod/keys/pub-key-", "/stage/keys/pub-key-"];

    public static bool IsValid(string? path)
    {
        if (path is null || path.Length > MaxLength || !path.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return false;
        }

        foreach (string prefix in Prefixes)
        {
            if (path.StartsWith(prefix, StringComparison.Ordinal) && path.Length > prefix.Length + Suffix.Length)
            {
                return IsName(path.AsSpan(prefix.Length, path.Length - prefix.Length - Suffix.Length));
            }
        }

        return false;
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (char character in name)
        {
            if (character is not ((>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
