using System.Globalization;
using AssetCompute.Client.Storage;

namespace AssetCompute.Client;

/// <summary>The files that a call of <see cref="IAssetRenderer.RenderManyAsync"/> would send.</summary>
public sealed record RenderPlan
{
    private static readonly Uri s_anyUrl = new("https://storage.invalid/");

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
        options ??= new RenderManyOptions();
        RenderFile[] all = CheckMany(files, options);
        using RenderState state = RenderState.Read(options.StateFile ?? RenderState.DefaultPath(all));
        return Make(all, options, state);
    }

    internal static RenderPlan Make(IReadOnlyList<RenderFile> files, RenderManyOptions options, RenderState state)
    {
        RenderFile[] open =
        [
            .. from file in files
               let source = new FileInfo(file.Path)
               let missing = file.Renditions.Where(rendition => !options.SkipExisting || !state.IsFinished(source, rendition, options)).ToArray()
               where missing.Length > 0
               select new RenderFile(file.Path, missing),
        ];
        RenderFile[] planned = [.. open.Take(options.MaxAssets ?? int.MaxValue)];
        return new RenderPlan
        {
            Files = planned,
            SourceBytes = planned.Select(static file => new FileInfo(file.Path)).Where(static source => source.Exists).Sum(static source => source.Length),
            FinishedRenditions = files.Sum(static file => file.Renditions.Count) - open.Sum(static file => file.Renditions.Count),
            FilesOverMaximum = open.Length - planned.Length,
        };
    }

    /// <summary>Checks a call for many files.</summary>
    internal static RenderFile[] CheckMany(IEnumerable<RenderFile> files, RenderManyOptions options)
    {
        ArgumentNullException.ThrowIfNull(files);
        RenderFile[] all = [.. files];
        Dictionary<string, RenderFile> outputs = Check(all, options, nameof(files));
        return all.FirstOrDefault(file => outputs.ContainsKey(Path.GetFullPath(file.Path))) is { } overwritten
            ? throw new ArgumentException($"A source is also an output, and would be replaced: '{overwritten.Path}'.", nameof(files))
            : all;
    }

    /// <summary>
    /// Checks the options and the renditions before a long upload. Two renditions with the same output would replace each other, and both would be billed.
    /// </summary>
    /// <returns>The files by the full paths of their outputs.</returns>
    internal static Dictionary<string, RenderFile> Check(IReadOnlyList<RenderFile> files, RenderOptions options, string parameter)
    {
        options.Validate(nameof(options));
        Dictionary<string, RenderFile> outputs = new(Path.DirectorySeparatorChar == '\\' ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (RenderFile file in files)
        {
            ArgumentNullException.ThrowIfNull(file, parameter);
            foreach (FileRendition rendition in file.Renditions)
            {
                string output = Path.GetFullPath(rendition.Path);
                if (outputs.TryGetValue(output, out RenderFile? other))
                {
                    throw new ArgumentException($"Two renditions have the same path '{rendition.Path}': one of '{other.Path}' and one of '{file.Path}'.", parameter);
                }

                outputs.Add(output, file);
                if (rendition.ExpectedMaxSize <= 0)
                {
                    throw new ArgumentOutOfRangeException(parameter, rendition.ExpectedMaxSize, $"{nameof(FileRendition)}.{nameof(rendition.ExpectedMaxSize)} must be over 0 for '{rendition.Path}'.");
                }
            }

            ProcessRequestValidator.Validate(new ProcessRequest
            {
                Source = new AssetSource { Url = s_anyUrl.OriginalString, Name = Path.GetFileName(file.Path), MimeType = options.SourceMimeType },
                UserData = options.UserData,
                Renditions = [.. file.Renditions.Select(static (rendition, index) => rendition.Rendition with { Target = new Uri(s_anyUrl, index.ToString(CultureInfo.InvariantCulture)) })],
            });
        }

        return outputs;
    }
}
