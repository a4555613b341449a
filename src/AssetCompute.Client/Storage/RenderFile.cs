using Microsoft.Extensions.FileSystemGlobbing;

namespace AssetCompute.Client;

/// <summary>A source file, and the renditions to create from it.</summary>
public sealed record RenderFile
{
    /// <summary>Creates a source file with its renditions.</summary>
    /// <param name="path">The path of the source.</param>
    /// <param name="renditions">The renditions to create, and the files to write; at least one.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty, or <paramref name="renditions"/> is null, empty, or contains null.</exception>
    public RenderFile(string path, IReadOnlyList<FileRendition> renditions)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(renditions);
        Path = path;
        Renditions = renditions.Count > 0 && renditions.All(static rendition => rendition is not null)
            ? renditions
            : throw new ArgumentException($"There must be at least one rendition, and none may be null: {path}", nameof(renditions));
    }

    /// <summary>The path of the source.</summary>
    public string Path { get; }

    /// <summary>The renditions to create, and the files to write.</summary>
    public IReadOnlyList<FileRendition> Renditions { get; }

    /// <summary>Finds the files of a folder and its subfolders, and names the outputs after them. Outputs keep the subfolders.</summary>
    /// <param name="folder">The folder of the sources.</param>
    /// <param name="output">The folder of the outputs. If it is inside <paramref name="folder"/>, it is excluded from the search.</param>
    /// <param name="renditions">
    /// The renditions to create from each file, by output name. A <c>*</c> in the name is replaced with the source's name without its extension:
    /// <c>*.webp</c> creates <c>sub/a.webp</c> from <c>sub/a.jpg</c>. A name without <c>*</c> is appended to the source's name: <c>web.jpg</c> creates
    /// <c>sub/a.web.jpg</c>.
    /// </param>
    /// <param name="patterns">The files to include, such as <c>**/*.jpg</c>; a pattern that starts with <c>!</c> excludes files. Case is ignored. Default:
    /// all files.</param>
    /// <returns>The files in the order of their paths.</returns>
    /// <exception cref="ArgumentException">An argument is null or empty, or <paramref name="output"/> contains <paramref name="folder"/>.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static IReadOnlyList<RenderFile> InFolder(string folder, string output, IReadOnlyList<FileRendition> renditions, params string[] patterns)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentException.ThrowIfNullOrEmpty(output);
        ArgumentNullException.ThrowIfNull(renditions);
        ArgumentNullException.ThrowIfNull(patterns);
        string root = Directory.Exists(folder) ? WithSeparator(folder) : throw new DirectoryNotFoundException($"The folder does not exist: {folder}");
        string outputs = WithSeparator(output);
        if (IsWithin(folder, output))
        {
            throw new ArgumentException($"The output folder must not contain the folder of the sources: {output}", nameof(output));
        }

        Matcher matcher = new(StringComparison.OrdinalIgnoreCase);
        matcher.AddIncludePatterns(patterns.Where(static pattern => pattern is not ['!', ..]).DefaultIfEmpty("**/*"));
        matcher.AddExcludePatterns(patterns.Where(static pattern => pattern is ['!', ..]).Select(static pattern => pattern.Substring(1)));
        return
        [
            .. matcher.GetResultsInFullPath(root)
                .Where(path => !path.StartsWith(outputs, StringComparison.Ordinal))
                .OrderBy(static path => path, StringComparer.Ordinal)
                .Select(path => new RenderFile(path, [.. renditions.Select(rendition => rendition.Of(path, System.IO.Path.GetDirectoryName(outputs + path.Substring(root.Length))!))])),
        ];
    }

    /// <summary>Whether a folder is another folder, or inside it.</summary>
    internal static bool IsWithin(string folder, string outer) => WithSeparator(folder).StartsWith(WithSeparator(outer), StringComparison.Ordinal);

    private static string WithSeparator(string folder) =>
        System.IO.Path.GetFullPath(folder).TrimEnd(System.IO.Path.DirectorySeparatorChar) + System.IO.Path.DirectorySeparatorChar;
}
