using AssetCompute.Client;

namespace WebApi;

/// <summary>Renders the uploaded photographs, a few at a time, and reports the progress.</summary>
internal sealed partial class PhotographWorker(PhotographJobs jobs, IAssetRenderer renderer, ILogger<PhotographWorker> logger) : BackgroundService
{
    private const int AtOnce = 4;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Parallel.ForEachAsync(jobs.Waiting.ReadAllAsync(stoppingToken), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, RenderAsync);

    private async ValueTask RenderAsync(PhotographJob job, CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream source = File.OpenRead(job.SourcePath);
            RenderOptions options = new() { Timeout = TimeSpan.FromMinutes(5), Progress = new PhotographProgress(job) };
            RenderResult result = await renderer.RenderAsync(source, job.Name, job.Renditions, options, cancellationToken);
            foreach (RenderedFile file in result.Files)
            {
                job.Publish(EventOf(file));
            }
        }
        catch (Exception exception) when (exception is AssetComputeException or RenditionJobTimeoutException or IOException or ArgumentException)
        {
            // The messages of the client contain no secrets or signatures, so they can be shown.
            LogFailure(exception, job.Id);
            job.Publish(new PhotographEvent("failed", Why: exception.Message));
        }
        finally
        {
            job.Publish(new PhotographEvent("done"));
        }
    }

    [LoggerMessage(LogLevel.Error, "The photograph {Id} could not be rendered.")]
    private partial void LogFailure(Exception exception, string id);

    private static PhotographEvent EventOf(RenderedFile file)
    {
        string name = Path.GetFileName(file.Requested.Path);
        return file switch
        {
            { Succeeded: true, Event: RenditionCreated { Metadata: var metadata } } => new PhotographEvent("file", name, metadata.Size, metadata.Size, metadata.ImageWidth, metadata.ImageHeight),
            { Event: RenditionFailed failed } => new PhotographEvent("failed", name, Why: $"{failed.Reason}: {failed.Message}"),
            _ => new PhotographEvent("failed", name, Why: file.Error?.Message ?? "no event came"),
        };
    }
}
