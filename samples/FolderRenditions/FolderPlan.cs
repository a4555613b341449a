using AssetCompute.Client;

namespace FolderRenditions;

/// <summary>
/// What there is to do: the photographs, and those of their renditions that are not there yet. The files are all the memory that is needed, for a rendition
/// appears under its name only when it is whole.
/// </summary>
internal sealed class FolderPlan
{
    private static readonly string[] s_extensions = [".jpg", ".jpeg", ".png", ".gif", ".tif", ".tiff", ".webp", ".bmp"];

    /// <summary>The renditions of every photograph: what its name gets, and what is made.</summary>
    private static readonly (string Suffix, Rendition Rendition)[] s_renditions =
    [
        (".thumbnail.png", new Rendition { Width = 140, Height = 100 }),
        (".web.jpg", new Rendition { Width = 1280, Height = 1280, Quality = 85, Interlace = true }),
        (".web.webp", new Rendition { Width = 1280, Height = 1280, Quality = 80 }),
    ];

    private FolderPlan(string folder, int photographs, int done, IReadOnlyList<Photograph> open)
    {
        Folder = folder;
        Photographs = photographs;
        Done = done;
        Open = open;
    }

    public string Folder { get; }

    /// <summary>How many photographs the folder has.</summary>
    public int Photographs { get; }

    /// <summary>How many renditions are there already.</summary>
    public int Done { get; }

    /// <summary>The photographs that lack a rendition.</summary>
    public IReadOnlyList<Photograph> Open { get; }

    public static FolderPlan Make(string folder, string output)
    {
        Directory.CreateDirectory(output);
        foreach (string rest in Directory.EnumerateFiles(output, "*.tmp", SearchOption.AllDirectories).Where(IsRest))
        {
            File.Delete(rest);
        }

        string outputPrefix = Path.TrimEndingDirectorySeparator(output) + Path.DirectorySeparatorChar;
        int photographs = 0, done = 0;
        List<Photograph> open = [];
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (path.StartsWith(outputPrefix, StringComparison.Ordinal) || !s_extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            photographs++;
            string name = Path.GetRelativePath(folder, path);
            FileRendition[] all = [.. s_renditions.Select(rendition => new FileRendition(Path.Combine(output, name + rendition.Suffix), rendition.Rendition))];
            FileRendition[] missing = [.. all.Where(rendition => !IsUpToDate(rendition.Path, path))];
            done += all.Length - missing.Length;
            if (missing.Length > 0)
            {
                open.Add(new Photograph(path, name, missing));
            }
        }

        return new FolderPlan(folder, photographs, done, open);
    }

    /// <summary>Whether a folder is another one, or lies in it: what is there would be both photograph and rendition.</summary>
    public static bool IsWithin(string folder, string other)
    {
        string path = Path.GetRelativePath(other, folder);
        return path != ".." && !path.StartsWith($"..{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !Path.IsPathRooted(path);
    }

    /// <summary>
    /// Whether a file is what a run left that was killed in the middle of a download: the client names it as the rendition, 32 digits and <c>.tmp</c>. Others' files stay.
    /// </summary>
    private static bool IsRest(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        string digits = Path.GetExtension(name);
        return digits.Length == 33 && digits.Skip(1).All(char.IsAsciiHexDigitLower)
            && s_renditions.Any(rendition => name.EndsWith(rendition.Suffix + digits, StringComparison.Ordinal));
    }

    private static bool IsUpToDate(string rendition, string photograph) =>
        File.Exists(rendition) && File.GetLastWriteTimeUtc(rendition) >= File.GetLastWriteTimeUtc(photograph);
}
