namespace AssetCompute.Client.IntegrationTests.Docs;

/// <summary>Jobs that return the event a test specifies, without a delay. Part of docs/testing.md.</summary>
public sealed class StubJobs(Func<ProcessRequest, RenditionEvent> answer) : IRenditionJobs
{
    public Task<RenditionJobResult> RunAsync(ProcessRequest request, RenditionJobOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new RenditionJobResult { RequestId = "1", Request = request, Renditions = [answer(request)] });

    public IAsyncEnumerable<RenditionJobResult> RunManyAsync(IAsyncEnumerable<ProcessRequest> requests, RenditionJobOptions? options, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public RenditionJobsSnapshot TakeSnapshot() => throw new NotSupportedException();

    public IAsyncEnumerable<RenditionJobResult> ResumeAsync(RenditionJobsSnapshot snapshot, RenditionJobOptions? options, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
