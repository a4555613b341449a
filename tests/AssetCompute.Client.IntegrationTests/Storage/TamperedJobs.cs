namespace AssetCompute.Client.IntegrationTests.Storage;

/// <summary>Real jobs with a callback before each job is sent.</summary>
internal sealed class TamperedJobs(IRenditionJobs jobs) : IRenditionJobs
{
    public List<ProcessRequest> Requests { get; } = [];

    public Func<ProcessRequest, Task>? BeforeRun { get; set; }

    public async Task<RenditionJobResult> RunAsync(ProcessRequest request, RenditionJobOptions? options = null, CancellationToken cancellationToken = default)
    {
        Requests.Add(request);
        await (BeforeRun?.Invoke(request) ?? Task.CompletedTask);
        return await jobs.RunAsync(request, options, cancellationToken);
    }

    public IAsyncEnumerable<RenditionJobResult> RunManyAsync(IAsyncEnumerable<ProcessRequest> requests, RenditionJobOptions? options = null, CancellationToken cancellationToken = default) =>
        jobs.RunManyAsync(requests, options, cancellationToken);

    public RenditionJobsSnapshot TakeSnapshot() => jobs.TakeSnapshot();

    public IAsyncEnumerable<RenditionJobResult> ResumeAsync(RenditionJobsSnapshot snapshot, RenditionJobOptions? options = null, CancellationToken cancellationToken = default) =>
        jobs.ResumeAsync(snapshot, options, cancellationToken);
}
