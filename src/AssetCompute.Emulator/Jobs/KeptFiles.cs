namespace AssetCompute.Emulator;

/// <summary>
/// Sources and renditions that are kept for the page after the client has removed them, up to a limit in bytes. The oldest files are removed first. An image
/// leaves a preview, which is removed when it is the oldest file itself.
/// </summary>
internal sealed class KeptFiles(IBlobStore store, IBlobStore storage, PictureMaker? pictures, AssetComputeEmulatorOptions options) : IDisposable
{
    /// <summary>The part name for the source of a job. For a rendition, it is the number.</summary>
    public const string Source = "source";

    /// <summary>The suffix of the part name for the preview of a part.</summary>
    public const string Picture = ".picture";

    /// <summary>The size below which a file needs no separate preview.</summary>
    private const long SmallFile = 40_000;

    private static readonly ImageInstructions Preview = new() { Format = "webp", MaxWidth = 640, MaxHeight = 640, Quality = 80 };

    private readonly Lock _gate = new();

    /// <summary>Previews are made one at a time, because a page requests many.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    private readonly OrderedDictionary<string, long> _lengths = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Whether a browser shows the file without running code from it.</summary>
    public static bool IsShown(string contentType) => MediaTypes.Essence(contentType) is "image/png" or "image/jpeg" or "image/gif" or "image/webp";

    public async Task KeepAsync(Guid owner, string part, string contentType, Stream content, CancellationToken cancellationToken)
    {
        if (content.Length == 0 || content.Length > options.KeptBytes / 4)
        {
            return;
        }

        await AddAsync(NameOf(owner, part), contentType, content, cancellationToken).ConfigureAwait(false);
        await TrimAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Keeps the blob that a URL of the emulator's storage refers to, if there is one.</summary>
    public async Task KeepBlobAsync(Guid owner, string part, string? url, CancellationToken cancellationToken)
    {
        using var blob = Uri.TryCreate(url, UriKind.Absolute, out var address) && EmulatorStorage.NameOf(address) is { } name ? storage.Open(name) : null;
        if (blob is not null)
        {
            await KeepAsync(owner, part, blob.ContentType, blob.Content, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the file itself is still available.</summary>
    public bool Has(Guid owner, string part) => store.Exists(NameOf(owner, part));

    /// <summary>Returns the part of a job that its row shows: the first rendition that a browser can show, or the source.</summary>
    public string? PictureOf(Job job) => job.Renditions
        .Where(static rendition => rendition.Outcome?.MediaType is { } type && IsShown(type))
        .Select(static rendition => $"{rendition.Index}")
        .FirstOrDefault(part => Has(job.Id, part) || Has(job.Id, part + Picture))
        ?? (Has(job.Id, Source + Picture) || Describe(job.Id, Source)?.ContentType.StartsWith("image/", StringComparison.Ordinal) == true ? Source : null);

    /// <summary>The media type and length of a file that is still available.</summary>
    public (string ContentType, long Length)? Describe(Guid owner, string part)
    {
        using var blob = Open(owner, part);
        return blob is null ? null : (blob.ContentType, blob.Length);
    }

    public BlobHandle? Open(Guid owner, string part) => store.Open(NameOf(owner, part));

    /// <summary>Opens a preview that a browser can show: the file itself if it is small, otherwise an image of at most 640 pixels.</summary>
    public async Task<BlobHandle?> OpenPictureAsync(Guid owner, string part, CancellationToken cancellationToken)
    {
        var name = NameOf(owner, part);
        if (Describe(owner, part) is var (contentType, length) && length <= SmallFile && IsShown(contentType))
        {
            return store.Open(name);
        }

        await MakePictureAsync(name, cancellationToken).ConfigureAwait(false);
        return store.Open(name + Picture);
    }

    /// <summary>Reads the metadata embedded in a file that is still available; null if it is not an image.</summary>
    public async Task<IReadOnlyList<MetadataEntry>?> ReadMetadataAsync(Guid owner, string part, CancellationToken cancellationToken)
    {
        using var file = pictures is null ? null : Open(owner, part);
        return file is null ? null : await pictures!.ReadAsync(file.Content, cancellationToken).ConfigureAwait(false);
    }

    public void Remove(Job job)
    {
        foreach (var part in job.Renditions.Select(rendition => $"{rendition.Index}").Prepend(Source))
        {
            Remove(NameOf(job.Id, part));
            Remove(NameOf(job.Id, part) + Picture);
        }
    }

    /// <summary>Restores the files of an earlier run, which belong to its jobs, oldest first.</summary>
    /// <exception cref="IOException">Another version stored the files.</exception>
    public async Task RestoreAsync(IReadOnlyList<Job> jobs, CancellationToken cancellationToken)
    {
        if (store.Names.Any(name => name.EndsWith("/job", StringComparison.Ordinal)))
        {
            throw DataFolder.OfAnotherVersion(options.DataFolder!, new InvalidDataException("Jobs are among the kept files."));
        }

        var files = store.Names.ToLookup(name => name.Split('/')[0]);
        foreach (var name in jobs.SelectMany(job => files[job.Id.ToString("N")]))
        {
            using var file = store.Open(name);
            Note(name, file?.Length ?? 0);
        }

        // Files that belong to no job were uploaded to the page and never used.
        foreach (var name in store.Names.Where(name => !_lengths.ContainsKey(name)))
        {
            store.Remove(name);
        }

        await TrimAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _turn.Dispose();

    private static string NameOf(Guid owner, string part) => $"{owner:N}/{part}";

    private async Task AddAsync(string name, string contentType, Stream content, CancellationToken cancellationToken)
    {
        await store.SaveAsync(name, contentType, content, content.Length, cancellationToken).ConfigureAwait(false);
        Note(name, content.Length);
    }

    /// <summary>Adds a file as the newest one.</summary>
    private void Note(string name, long length)
    {
        lock (_gate)
        {
            _lengths.Remove(name, out var former);
            _lengths.Add(name, length);
            _bytes += length - former;
        }
    }

    private void Remove(string name)
    {
        lock (_gate)
        {
            _lengths.Remove(name, out var length);
            _bytes -= length;
        }

        store.Remove(name);
    }

    private async Task TrimAsync(CancellationToken cancellationToken)
    {
        while (Oldest() is { } oldest)
        {
            await MakePictureAsync(oldest, cancellationToken).ConfigureAwait(false);
            Remove(oldest);
        }
    }

    /// <summary>Returns the next file to remove while the limit is exceeded.</summary>
    private string? Oldest()
    {
        lock (_gate)
        {
            return _bytes > options.KeptBytes ? _lengths.GetAt(0).Key : null;
        }
    }

    /// <summary>Makes a preview of a file, unless there is one or the file is a preview.</summary>
    private async Task MakePictureAsync(string name, CancellationToken cancellationToken)
    {
        if (pictures is null || name.EndsWith(Picture, StringComparison.Ordinal) || store.Exists(name + Picture))
        {
            return;
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Another call may have made it in the meantime.
            using var file = store.Exists(name + Picture) ? null : store.Open(name);
            if (file is not null && await pictures.MakeAsync(file.Content, Preview, cancellationToken).ConfigureAwait(false) is { } picture)
            {
                using var content = new MemoryStream(picture);
                await AddAsync(name + Picture, MediaTypes.OfImageFormat(Preview.Format)!, content, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }
}
