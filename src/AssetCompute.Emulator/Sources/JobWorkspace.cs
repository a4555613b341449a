namespace AssetCompute.Emulator;

/// <summary>The folder of a job and the source in it, which is fetched once for all renditions. The emulator chooses all file names.</summary>
internal sealed class JobWorkspace : IAsyncDisposable
{
    private readonly Lazy<DirectoryInfo> _folder = new(() => Directory.CreateTempSubdirectory("asset-compute-job-"));
    private readonly Lazy<Task<SourceFile>> _source;
    private int _disposed;

    /// <param name="job">The job.</param>
    /// <param name="downloader">Fetches the source.</param>
    /// <param name="fetched">Called with the source before it is used.</param>
    /// <param name="stopping">Cancels the download.</param>
    public JobWorkspace(Job job, Downloader downloader, Func<SourceFile, Task> fetched, CancellationToken stopping) =>
        _source = new(() => FetchAsync(job, downloader, fetched, stopping));

    public string Folder => _folder.Value.FullName;

    /// <summary>Returns the source. The first caller starts the download, and the others wait for the same file.</summary>
    /// <exception cref="RenditionFailure">The source is refused, empty or too large.</exception>
    /// <exception cref="DownloadException">The source could not be fetched.</exception>
    public Task<SourceFile> SourceAsync(CancellationToken cancellationToken) => _source.Value.WaitAsync(cancellationToken);

    public string PathOf(string fileName) => Path.Combine(Folder, fileName);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        if (_source.IsValueCreated)
        {
            // The callers have already got the error, if any. Here, only wait until nothing is written anymore.
            await Task.WhenAny(_source.Value).ConfigureAwait(false);
        }

        if (_folder.IsValueCreated)
        {
            TemporaryFolder.TryDelete(_folder.Value);
        }
    }

    private async Task<SourceFile> FetchAsync(Job job, Downloader downloader, Func<SourceFile, Task> fetched, CancellationToken stopping)
    {
        var path = PathOf("source");
        var mediaType = await downloader.FetchAsync(
            job.Source ?? throw RenditionFailure.SourceUnsupported("The request has no source."), path, stopping).ConfigureAwait(false);
        if (new FileInfo(path).Length == 0)
        {
            throw RenditionFailure.SourceCorrupt("The source is empty.");
        }

        var source = new SourceFile(path, mediaType, await ImageHeader.ReadAsync(path, stopping).ConfigureAwait(false));
        await fetched(source).ConfigureAwait(false);
        return source;
    }
}
