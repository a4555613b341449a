namespace AssetCompute.Client;

/// <summary>Sends requests and waits for their events: send an asset, and get its renditions.</summary>
/// <remarks>
/// All jobs of an account share one subscription to its journal. It starts before the first request is sent, so no event is missed. Repeated events are
/// dropped, and events of other clients are ignored. The client registers automatically when needed.
/// </remarks>
public interface IRenditionJobs
{
    /// <summary>Sends a request and waits for the events of all its renditions.</summary>
    /// <param name="request">The source and its renditions.</param>
    /// <param name="options">How to run the job. Default: null, the default options.</param>
    /// <param name="cancellationToken">Ends the wait. The service continues with a request that it has accepted.</param>
    /// <returns>One event for each rendition. A failed rendition is a result, not an exception.</returns>
    /// <exception cref="InvalidProcessRequestException">The request breaks a rule of the API; nothing was sent.</exception>
    /// <exception cref="AssetComputeException">The request was refused or failed, or the journal can no longer be read.</exception>
    /// <exception cref="RenditionJobTimeoutException">Not all events arrived in time.</exception>
    Task<RenditionJobResult> RunAsync(ProcessRequest request, RenditionJobOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Runs many jobs, <see cref="RenditionJobOptions.MaxInFlight"/> at a time, and returns their results as they finish. A failed request does not end the
    /// others: its result has the error.
    /// </summary>
    /// <remarks>The requests are enumerated as slots become free. If you stop enumerating the results, the client stops waiting for the rest.</remarks>
    /// <param name="requests">The requests.</param>
    /// <param name="options">How to run the jobs. Default: null, the default options.</param>
    /// <param name="cancellationToken">Ends the waits. The service continues with requests that it has accepted.</param>
    /// <returns>One result for each request, in the order in which they finish.</returns>
    IAsyncEnumerable<RenditionJobResult> RunManyAsync(
        IAsyncEnumerable<ProcessRequest> requests,
        RenditionJobOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns the jobs that wait for events now, and a position from which all their events can be read. Save it so that another process can wait for them.
    /// </summary>
    RenditionJobsSnapshot TakeSnapshot();

    /// <summary>Waits for jobs that another process has sent. No request is sent again.</summary>
    /// <param name="snapshot">What <see cref="TakeSnapshot"/> returned, at most seven days ago.</param>
    /// <param name="options">How to run the jobs. Default: null, the default options.</param>
    /// <param name="cancellationToken">Ends the waits.</param>
    /// <returns>One result for each job, in the order in which they finish.</returns>
    IAsyncEnumerable<RenditionJobResult> ResumeAsync(
        RenditionJobsSnapshot snapshot,
        RenditionJobOptions? options = null,
        CancellationToken cancellationToken = default);
}
