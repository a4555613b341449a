using System.Text;

namespace AssetExport;

/// <summary>Paths of assets in AEM. They come from outside, and names of files and objects are made of them.</summary>
internal static class AssetPath
{
    public const string Root = "/content/dam";

    /// <summary>In UTF-8, as storages count: a name has the destination's prefix before it.</summary>
    private const int MaxBytes = 800;

    /// <summary>Whether it is the path of an asset below <c>/content/dam</c> that no name made of it can lead out of its place.</summary>
    public static bool IsAsset(string path) => path.StartsWith(Root + "/", StringComparison.Ordinal) && IsPlain(path);

    /// <summary>Whether it is <c>/content/dam</c> or a folder below it.</summary>
    public static bool IsFolder(string path) => path == Root || IsAsset(path);

    /// <summary>As it stands in a URL.</summary>
    public static string ToUrl(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static bool IsPlain(string path) =>
        Encoding.UTF8.GetByteCount(path) <= MaxBytes && !path.Any(char.IsControl) && !path.Contains('\\', StringComparison.Ordinal)
        && path.Split('/').Skip(1).All(static segment => segment is not ("" or "." or ".."));
}
