namespace AssetCompute.Client;

/// <summary>A rendition, and the file to write it to.</summary>
public sealed record FileRendition
{
    /// <summary>Creates a rendition for a file.</summary>
    /// <param name="path">The path of the file. Its folder is created if it does not exist; an existing file is replaced.</param>
    /// <param name="rendition">The rendition to create, without <see cref="Rendition.Target"/>. Default: the format of the path's extension, and the file's
    /// name.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="path"/> is null or empty; <paramref name="rendition"/> has a target; or neither of the two specifies a format.
    /// </exception>
    public FileRendition(string path, Rendition? rendition = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (rendition?.Target is not null)
        {
            throw new ArgumentException($"{nameof(Rendition.Target)} must be null: the storage creates the target of a rendition for a file.", nameof(rendition));
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

    /// <summary>The rendition to create.</summary>
    public Rendition Rendition { get; }

    /// <summary>
    /// The maximum number of bytes of the first target; over 0. Default: 100 MiB, for one URL. A rendition that is larger is requested once more, with a
    /// target of <see cref="RenderOptions.MaxRenditionSize"/>. Set the size that you expect to avoid the second request. If the value exceeds the maximum of
    /// the storage, the storage refuses it after the upload.
    /// </summary>
    public long ExpectedMaxSize { get; init; } = StorageTargetOptions.MaxPartSize;

    /// <summary>Returns the same rendition for a source in a folder. Its file name is derived from the name of the source.</summary>
    internal FileRendition Of(string source, string folder)
    {
        string stem = System.IO.Path.GetFileNameWithoutExtension(source);
        string path = System.IO.Path.Combine(folder, Path.Contains('*') ? Path.Replace("*", stem) : $"{stem}.{Path}");
        return new FileRendition(path, Rendition.Name == System.IO.Path.GetFileName(Path) ? Rendition with { Name = null } : Rendition) { ExpectedMaxSize = ExpectedMaxSize };
    }
}
