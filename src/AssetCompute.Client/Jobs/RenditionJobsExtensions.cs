using AssetCompute.Client.Jobs;

namespace AssetCompute.Client;

/// <summary>Overloads to run jobs.</summary>
public static class RenditionJobsExtensions
{
    /// <inheritdoc cref="IRenditionJobs.RunManyAsync"/>
    /// <param name="jobs">The jobs.</param>
    /// <param name="requests">The requests.</param>
    /// <param name="options">How to run the jobs. Default: null, the default options.</param>
    /// <param name="cancellationToken">Ends the waits. The service continues with requests that it has accepted.</param>
    public static IAsyncEnumerable<RenditionJobResult> RunManyAsync(
        this IRenditionJobs jobs,
        IEnumerable<ProcessRequest> requests,
        RenditionJobOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        ArgumentNullException.ThrowIfNull(requests);
        return jobs.RunManyAsync(JobBatch.Sequence(requests), options, cancellationToken);
    }
}
