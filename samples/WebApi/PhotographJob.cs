using System.Runtime.CompilerServices;
using AssetCompute.Client;

namespace WebApi;

/// <summary>A photograph, its events so far, and its listeners. A listener that connects late gets all events from the start.</summary>
internal sealed class PhotographJob(string id, string name, string folder)
{
    private readonly Lock _gate = new();
    private readonly List<PhotographEvent> _events = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDone;

    public string Id => id;

    /// <summary>The file name from the visitor. It is passed to the service, but never used as a path here.</summary>
    public string Name => name;

    public string Folder => folder;

    public string SourcePath => Path.Combine(folder, "source");

    public IReadOnlyList<FileRendition> Renditions { get; } =
    [
        new(Path.Combine(folder, "thumbnail.png"), new Rendition { Width = 140, Height = 100 }),
        new(Path.Combine(folder, "card.jpg"), new Rendition { Width = 640, Quality = 85, Interlace = true }),
        new(Path.Combine(folder, "web.webp"), new Rendition { Width = 1280, Quality = 80 }),
        new(Path.Combine(folder, "light.jpg"), new Rendition { Width = 1280, JpegSize = 60_000 }),
    ];

    public bool IsDone
    {
        get
        {
            lock (_gate)
            {
                return _isDone;
            }
        }
    }

    public static string MimeTypeOf(string file) => Path.GetExtension(file) switch
    {
        ".png" => "image/png",
        ".webp" => "image/webp",
        _ => "image/jpeg",
    };

    /// <summary>Returns the path of a rendition by its name; null if there is no such rendition.</summary>
    public string? FileOf(string file) => Renditions.Select(rendition => rendition.Path).FirstOrDefault(path => Path.GetFileName(path) == file);

    public void Publish(PhotographEvent happened)
    {
        lock (_gate)
        {
            _events.Add(happened);
            _isDone |= happened.Kind == "done";
            _more.SetResult();
            _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async IAsyncEnumerable<PhotographEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int next = 0; ;)
        {
            PhotographEvent[] news;
            bool isDone;
            Task more;
            lock (_gate)
            {
                news = [.. _events.Skip(next)];
                isDone = _isDone;
                more = _more.Task;
            }

            foreach (PhotographEvent happened in news)
            {
                yield return happened;
            }

            next += news.Length;
            if (isDone)
            {
                yield break;
            }

            await more.WaitAsync(cancellationToken);
        }
    }
}
