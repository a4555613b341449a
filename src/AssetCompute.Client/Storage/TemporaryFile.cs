using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AssetCompute.Client.Storage;

/// <summary>Names of files that are being written. They are short, because the output's name may have the maximum length of the file system.</summary>
internal static class TemporaryFile
{
    private const string Extension = ".tmp";

    public static string For(string output) => Path.Combine(Path.GetDirectoryName(output)!, $"{Prefix(output)}{Guid.NewGuid().ToString("N").Substring(0, 8)}{Extension}");

    /// <summary>Deletes temporary files of a killed run for outputs that are about to be created. No other run may be creating these outputs.</summary>
    public static void DeleteLeftOver(IEnumerable<string> outputs)
    {
        foreach (IGrouping<string, string> folder in outputs.Select(Path.GetFullPath).GroupBy(static output => Path.GetDirectoryName(output)!).Where(static folder => Directory.Exists(folder.Key)))
        {
            HashSet<string> prefixes = [.. folder.Select(Prefix)];
            int length = prefixes.First().Length;
            foreach (string path in Directory.EnumerateFiles(folder.Key, ".*" + Extension))
            {
                string name = Path.GetFileName(path);
                if (name.Length == length + 8 + Extension.Length && prefixes.Contains(name.Substring(0, length)))
                {
                    File.Delete(path);
                }
            }
        }
    }

    private static string Prefix(string output) => $".{string.Concat(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFileName(output))).Take(6).Select(static value => value.ToString("x2", CultureInfo.InvariantCulture)))}-";
}
