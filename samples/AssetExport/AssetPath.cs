using System.Text;

namespace AssetExport;

/// <summary>Paths of assets in AEM. They are untrusted input, and names of files and objects are derived from them.</summary>
internal static class AssetPath
{
    public const string Root = "/content/dam";

    /// <summary>The maximum length in UTF-8, which is what storages count. It leaves room for the destination's prefix.</summary>
    private const int MaxBytes = 800;

    /// <summary>Whether a path is an asset below <c>/content/dam</c>, and no name derived from it can point outside its folder.</summary>
    public static bool IsAsset(string path) =>
        path.StartsWith(Root + "/", StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(path) <= MaxBytes && !path.Any(char.IsControl) && !path.Contains('\\', StringComparison.Ordinal)
        && path.Split('/').Skip(1).All(static segment => segment is not ("" or "." or ".."));

    public static bool IsFolder(string path) => path == Root || IsAsset(path);

    public static string ToUrl(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
