namespace AssetCompute.Emulator;

/// <summary>The paths of the author's repository. All assets are below <c>/content/dam</c>.</summary>
internal static class AemPath
{
    public const string Root = "/content/dam";

    private const int MaxLength = 1024;

    /// <exception cref="ArgumentException">The path is not valid for an asset.</exception>
    public static string Check(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var isBelowRoot = path.StartsWith(Root + "/", StringComparison.Ordinal) && path.Length <= MaxLength;
        if (!isBelowRoot || path.Any(char.IsControl) || path.Split('/').Skip(1).Any(segment => segment is "" or "." or ".." || segment.Contains(':', StringComparison.Ordinal)))
        {
            throw new ArgumentException($"An asset's path is {Root}/… of at most {MaxLength} characters, its segments not empty, no '.' or '..', and without ':'.", nameof(path));
        }

        return path;
    }

    /// <summary>Whether a path is the folder or below it.</summary>
    public static bool IsWithin(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/');

    public static string UrlOf(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
