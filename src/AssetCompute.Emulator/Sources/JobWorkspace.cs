namespace AssetCompute.Emulator;

/// <summary>The folder of a job and the source in it, which is fetched once for all renditions. The emulator chooses all file names.</summary>
internal sealed class JobWorkspace(Job job, Downloader downloader, Func<Job, SourceFile, CancellationToken, Task> fetched, CancellationToken stopping) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Lazy<DirectoryInfo> _folder = new(() => Directory.CreateTempSubdirectory("asset-compute-job-"));
    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private Task<SourceFile>? _source;

    /// <summary>Canceled when the job is stopped.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public string PathOf(string fileName) => Path.Combine(_folder.Value.FullName, fileName);

    /// <summary>Returns the source. The first caller starts the download, and the others wait for the same file.</summary>
    /// <exception cref="RenditionFailure">The source is refused, empty or too large.</exception>
    /// <exception cref="DownloadException">The source could not be fetched.</exception>
    public Task<SourceFile> SourceAsync()
    {
        lock (_gate)
        {
            return _source ??= FetchAsync();
        }
    }

    /// <summary>Cancels the work in progress.</summary>
    public async Task StopAsync()
    {
        try
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // The job has just finished.
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The callers have already got the error, if any. Here, only wait until nothing is written anymore.
        await (_source ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        if (_folder.IsValueCreated)
        {
            TemporaryFolder.TryDelete(_folder.Value);
        }

        _stopping.Dispose();
    }

    private async Task<SourceFile> FetchAsync()
    {
        var path = PathOf("source");
        var declaredType = await downloader.FetchAsync(
            job.Source ?? throw RenditionFailure.SourceUnsupported("The request has no source."), path, Stopping).ConfigureAwait(false);
        if (new FileInfo(path).Length == 0)
        {
            throw RenditionFailure.SourceCorrupt("The source is empty.");
        }

        var source = new SourceFile(path, declaredType, await ImageFormat.ReadAsync(path, Stopping).ConfigureAwait(false));
        await fetched(job, source, Stopping).ConfigureAwait(false);
        return source;
    }
}
