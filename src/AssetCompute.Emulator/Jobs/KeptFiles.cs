using System.Net.Mime;
using System.Text.Json.Nodes;
using AssetCompute.Emulator.Rendering;

namespace AssetCompute.Emulator;

/// <summary>
/// Sources and renditions that are kept for the page after the client has removed them, up to a limit in bytes. The oldest files are removed first, and a
/// preview of each image stays. All previews together take at most a quarter of the limit, and the oldest are removed first.
/// </summary>
internal sealed class KeptFiles(IBlobStore store, IBlobStore storage, PictureMaker? pictures, AssetComputeEmulatorOptions options) : IDisposable
{
    /// <summary>The part name for the source of a job. For a rendition, it is the number.</summary>
    public const string Source = "source";

    private const string Picture = ".picture";
    private const string Record = "job";

    /// <summary>The size below which a file needs no separate preview.</summary>
    private const long SmallFile = 40_000;

    private readonly Lock _gate = new();
    private readonly LinkedList<Entry> _oldestFirst = [];
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _trimming = new(1);
    private long _wholeBytes;
    private long _pictureBytes;

    /// <summary>Whether a browser shows the file without running code from it.</summary>
    public static bool IsShown(string contentType) => MediaTypes.Essence(contentType) is "image/png" or "image/jpeg" or "image/gif" or "image/webp";

    public async Task KeepAsync(Guid owner, string part, string contentType, Stream content, CancellationToken cancellationToken)
    {
        if (content.Length == 0 || content.Length > options.KeptBytes / 4)
        {
            return;
        }

        var name = NameOf(owner, part);
        var length = content.Length;
        await store.SaveAsync(name, contentType, content, length, cancellationToken).ConfigureAwait(false);
        Add(name, length, isPicture: false);
        await TrimAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Keeps the blob that a URL of the emulator's storage refers to, if there is one.</summary>
    public async Task KeepBlobAsync(Guid owner, string part, string? url, CancellationToken cancellationToken)
    {
        if (Uri.TryCreate(url, UriKind.Absolute, out var address)
            && address.AbsolutePath.StartsWith(EmulatorStorage.Path, StringComparison.Ordinal)
            && storage.Open(Uri.UnescapeDataString(address.AbsolutePath[EmulatorStorage.Path.Length..])) is { } blob)
        {
            using (blob)
            {
                await KeepAsync(owner, part, blob.ContentType, blob.Content, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether the file itself is still available.</summary>
    public bool Has(Guid owner, string part) => store.Exists(NameOf(owner, part));

    /// <summary>Whether a preview of the file is available.</summary>
    public bool HasPicture(Guid owner, string part) => store.Exists(NameOf(owner, part) + Picture);

    /// <summary>The media type and length of a file that is still available.</summary>
    public (string ContentType, long Length)? Describe(Guid owner, string part)
    {
        var blob = Open(owner, part);
        blob?.Content.Dispose();
        return blob is null ? null : (blob.ContentType, blob.Length);
    }

    public BlobHandle? Open(Guid owner, string part) => store.Open(NameOf(owner, part));

    /// <summary>Opens a preview that a browser can show: the file itself if it is small, otherwise an image of at most 640 pixels.</summary>
    public async Task<BlobHandle?> OpenPictureAsync(Guid owner, string part, CancellationToken cancellationToken)
    {
        var name = NameOf(owner, part);
        if (store.Open(name) is { } whole)
        {
            if (whole.Length <= SmallFile && IsShown(whole.ContentType))
            {
                return whole;
            }

            using (whole)
            {
                await MakePictureAsync(name, whole.Content, cancellationToken).ConfigureAwait(false);
            }
        }

        return store.Open(name + Picture);
    }

    /// <summary>Reads the metadata embedded in a file that is still available; null if it is not an image.</summary>
    public async Task<IReadOnlyList<MetadataEntry>?> ReadMetadataAsync(Guid owner, string part, CancellationToken cancellationToken)
    {
        if (pictures is null || Open(owner, part) is not { } file)
        {
            return null;
        }

        using (file)
        {
            return await pictures.ReadAsync(file.Content, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Remove(Job job)
    {
        foreach (var part in job.Renditions.Select(rendition => $"{rendition.Index}").Prepend(Source))
        {
            Drop(NameOf(job.Id, part));
            Drop(NameOf(job.Id, part) + Picture);
        }

        store.Remove(NameOf(job.Id, Record));
    }

    /// <summary>Saves a job for the page of the next run. Without a data folder, nothing is saved.</summary>
    public async Task SaveAsync(Job job, CancellationToken cancellationToken)
    {
        if (options.DataFolder is not null)
        {
            using var record = new MemoryStream(JobRecord.Of(job));
            await store.SaveAsync(NameOf(job.Id, Record), MediaTypeNames.Application.Json, record, long.MaxValue, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>The jobs that an earlier run saved, oldest first.</returns>
    public async Task<IReadOnlyList<Job>> RestoreAsync(CancellationToken cancellationToken)
    {
        List<Job> jobs = [];
        foreach (var name in store.Names.Where(name => name.EndsWith("/" + Record, StringComparison.Ordinal)))
        {
            if (store.Open(name) is { } record)
            {
                using (record)
                {
                    jobs.Add(DataFolder.Read(options.DataFolder!, () => JobRecord.Read(JsonNode.Parse(record.Content)!)));
                }
            }
        }

        jobs.Sort((one, other) => one.AcceptedAt.CompareTo(other.AcceptedAt));
        var files = store.Names.ToLookup(name => name.Split('/')[0]);
        foreach (var name in jobs.SelectMany(job => files[job.Id.ToString("N")]).Where(name => !name.EndsWith("/" + Record, StringComparison.Ordinal)))
        {
            if (store.Open(name) is { } file)
            {
                file.Dispose();
                Add(name, file.Length, name.EndsWith(Picture, StringComparison.Ordinal));
            }
        }

        // Files that belong to no job were uploaded to the page and never used.
        foreach (var name in store.Names.Where(name => !name.EndsWith("/" + Record, StringComparison.Ordinal) && !_entries.ContainsKey(name)))
        {
            store.Remove(name);
        }

        await TrimAsync(cancellationToken).ConfigureAwait(false);
        return jobs;
    }

    public void Dispose()
    {
        _trimming.Dispose();
        pictures?.Dispose();
    }

    private static string NameOf(Guid owner, string part) => $"{owner:N}/{part}";

    private void Add(string name, long length, bool isPicture)
    {
        lock (_gate)
        {
            Forget(name);
            _entries[name] = _oldestFirst.AddLast(new Entry(name, length, isPicture));
            _ = isPicture ? _pictureBytes += length : _wholeBytes += length;
        }
    }

    private void Drop(string name)
    {
        lock (_gate)
        {
            Forget(name);
        }

        store.Remove(name);
    }

    private void Forget(string name)
    {
        if (_entries.Remove(name, out var node))
        {
            _oldestFirst.Remove(node);
            _ = node.Value.IsPicture ? _pictureBytes -= node.Value.Length : _wholeBytes -= node.Value.Length;
        }
    }

    private async Task TrimAsync(CancellationToken cancellationToken)
    {
        await _trimming.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (Oldest() is { } oldest)
            {
                if (!oldest.IsPicture && store.Open(oldest.Name) is { } whole)
                {
                    using (whole)
                    {
                        await MakePictureAsync(oldest.Name, whole.Content, cancellationToken).ConfigureAwait(false);
                    }
                }

                Drop(oldest.Name);
            }
        }
        finally
        {
            _trimming.Release();
        }
    }

    /// <summary>Returns the next file to remove while the limit is exceeded.</summary>
    private Entry? Oldest()
    {
        lock (_gate)
        {
            return _pictureBytes > options.KeptBytes / 4 ? _oldestFirst.First(entry => entry.IsPicture)
                : _pictureBytes + _wholeBytes > options.KeptBytes ? _oldestFirst.First(entry => !entry.IsPicture)
                : null;
        }
    }

    private async Task MakePictureAsync(string name, Stream content, CancellationToken cancellationToken)
    {
        if (pictures is null || store.Exists(name + Picture) || await pictures.MakeAsync(content, cancellationToken).ConfigureAwait(false) is not { } picture)
        {
            return;
        }

        using var stream = new MemoryStream(picture);
        await store.SaveAsync(name + Picture, PictureMaker.MediaType, stream, picture.Length, cancellationToken).ConfigureAwait(false);
        Add(name + Picture, picture.Length, isPicture: true);
    }

    private sealed record Entry(string Name, long Length, bool IsPicture);
}
