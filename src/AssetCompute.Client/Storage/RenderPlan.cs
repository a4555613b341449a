using AssetCompute.Client.Storage;

namespace AssetCompute.Client;

/// <summary>The files that a call of <see cref="IAssetRenderer.RenderManyAsync"/> would send.</summary>
public sealed record RenderPlan
{
    private RenderPlan()
    {
    }

    /// <summary>The files to send, each with its unfinished renditions.</summary>
    public required IReadOnlyList<RenderFile> Files { get; init; }

    /// <summary>The number of renditions to create.</summary>
    public int Renditions => Files.Sum(static file => file.Renditions.Count);

    /// <summary>The size of the files to send, in bytes. A source that does not exist counts as 0.</summary>
    public required long SourceBytes { get; init; }

    /// <summary>The number of finished renditions.</summary>
    public required int FinishedRenditions { get; init; }

    /// <summary>The number of further files that would be sent without <see cref="RenderManyOptions.MaxAssets"/>.</summary>
    public required int FilesOverMaximum { get; init; }

    /// <summary>Creates the plan. Nothing is sent or written.</summary>
    /// <param name="files">The files.</param>
    /// <param name="options">The options of the call. Default: the defaults.</param>
    /// <exception cref="ArgumentException">An argument is null or breaks a rule, or two files have the same output path.</exception>
    /// <exception cref="InvalidProcessRequestException">A rendition breaks a rule of the API.</exception>
    /// <exception cref="IOException">The state file cannot be read, for example because a run uses it.</exception>
    public static RenderPlan Create(IEnumerable<RenderFile> files, RenderManyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        options ??= new RenderManyOptions();
        options.Validate(nameof(options));
        RenderFile[] all = [.. files];
        Check(all, options.Render);
        using RenderState state = RenderState.Read(options.StateFile ?? RenderState.DefaultPath(all));
        return Make(all, options, state);
    }

    /// <summary>Checks the files. Two files with the same output would replace each other, and both would be billed.</summary>
    internal static void Check(IReadOnlyList<RenderFile> files, RenderOptions options)
    {
        StringComparer paths = Path.DirectorySeparatorChar == '\\' ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        Dictionary<string, string> sources = new(paths);
        foreach (RenderFile file in files)
        {
            ArgumentNullException.ThrowIfNull(file, nameof(files));
            AssetRenderer.Check(Path.GetFileName(file.Path), file.Renditions, options);
            foreach (FileRendition rendition in file.Renditions)
            {
                string output = Path.GetFullPath(rendition.Path);
                if (sources.TryGetValue(output, out string? other))
                {
                    throw new ArgumentException($"Two files have one output path: '{other}' and '{file.Path}' would both be written to '{rendition.Path}'.", nameof(files));
                }

                sources.Add(output, file.Path);
            }
        }

        if (files.FirstOrDefault(file => sources.ContainsKey(Path.GetFullPath(file.Path))) is { } overwritten)
        {
            throw new ArgumentException($"A source is also an output, and would be replaced: '{overwritten.Path}'.", nameof(files));
        }
    }

    internal static RenderPlan Make(IReadOnlyList<RenderFile> files, RenderManyOptions options, RenderState state)
    {
        List<RenderFile> open = [];
        int finished = 0;
        int more = 0;
        long bytes = 0;
        foreach (RenderFile file in files)
        {
            FileInfo source = new(file.Path);
            FileRendition[] missing = [.. file.Renditions.Where(rendition => !options.SkipExisting || !state.IsFinished(source, rendition, options.Render))];
            finished += file.Renditions.Count - missing.Length;
            if (missing.Length > 0 && open.Count == options.MaxAssets)
            {
                more++;
            }
            else if (missing.Length > 0)
            {
                open.Add(new RenderFile(file.Path, missing));
                bytes += source.Exists ? source.Length : 0;
            }
        }

        return new RenderPlan { Files = open, SourceBytes = bytes, FinishedRenditions = finished, FilesOverMaximum = more };
    }
}
