using System.Text;

namespace AssetCompute.Client;

/// <summary>A rendition, and the file that it goes to.</summary>
public sealed record FileRendition
{
    /// <summary>A rendition for a file.</summary>
    /// <param name="path">The path of the file; its folder is made where it does not exist, a file of that name is replaced.</param>
    /// <param name="rendition">What to make, without <see cref="Rendition.Target"/>. Default: the format that the path's extension names, and the file's name.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="path"/> is null or empty; <paramref name="rendition"/> has a target of its own; or neither of the two names a format.
    /// </exception>
    public FileRendition(string path, Rendition? rendition = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (rendition?.Target is not null)
        {
            throw new ArgumentException($"{nameof(Rendition.Target)} must be null: the target of a rendition for a file is made by the storage.", nameof(rendition));
        }

        string extension = System.IO.Path.GetExtension(path).TrimStart('.').ToLowerInvariant();
        rendition ??= new Rendition();
        if (rendition.Format is null && rendition.Worker is null)
        {
            rendition = extension.Length > 0
                ? rendition with { Format = extension == "txt" ? RenditionFormat.Text : new RenditionFormat(extension) }
                : throw new ArgumentException("The path has no extension: name the format in the rendition.", nameof(path));
        }

        Path = path;
        Rendition = rendition.Name is null ? rendition with { Name = System.IO.Path.GetFileName(path) } : rendition;
    }

    /// <summary>The path of the file.</summary>
    public string Path { get; }

    /// <summary>What to make.</summary>
    public Rendition Rendition { get; }

    /// <summary>
    /// How many bytes the first target takes; over 0. Default: 100 MiB, for one URL. A rendition that turns out larger is asked for once more, with a target of
    /// <see cref="RenderOptions.MaxRenditionSize"/>: say here what you expect, and that is spared. More than a target of the storage can take is refused by the storage, after the upload.
    /// </summary>
    public long ExpectedMaxSize { get; init; } = StorageTargetOptions.MaxPartSize;

    /// <summary>The same rendition of a source in a folder, its name made of the source's.</summary>
    internal FileRendition Of(string source, string folder)
    {
        string stem = System.IO.Path.GetFileNameWithoutExtension(source);
        string path = System.IO.Path.Combine(folder, Path.Contains('*') ? Path.Replace("*", stem) : $"{stem}.{Path}");
        return new FileRendition(path, Rendition.Name == System.IO.Path.GetFileName(Path) ? Rendition with { Name = null } : Rendition) { ExpectedMaxSize = ExpectedMaxSize };
    }

    /// <summary>The text for logs: the path and the rendition.</summary>
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"Path = {Path}, Rendition = {Rendition}");
        return true;
    }
}
