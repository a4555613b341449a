namespace AssetCompute.Client;

/// <summary>
/// A request and its events joined: hand in an asset, await its renditions.
/// </summary>
/// <remarks>
/// All jobs of an account share one reading of its journal. It stands before the first request leaves, so no event can come too
/// early; events that come twice are dropped, those of other clients passed by. The client registers by itself.
/// </remarks>
public interface IRenditionJobs
{
    /// <summary>Hands in one request and awaits the events of all its renditions.</summary>
    /// <param name="request">The source and its renditions.</param>
    /// <param name="cancellationToken">Ends the wait. The service goes on with a request that it has accepted.</param>
    /// <returns>
    /// One event for each rendition. A rendition that failed is a result, not an exception; and so is one that was too large and could not be asked for once more
    /// (<see cref="RenditionJobResult.Error"/>).
    /// </returns>
    /// <exception cref="InvalidProcessRequestException">The request breaks a rule of the API; nothing was sent.</exception>
    /// <exception cref="AssetComputeException">The request was refused or failed, or the journal could not be read any more.</exception>
    /// <exception cref="RenditionJobTimeoutException">Not all events came in time.</exception>
    Task<RenditionJobResult> RunAsync(ProcessRequest request, CancellationToken cancellationToken = default);

    /// <summary>Hands in one request and awaits the events of all its renditions.</summary>
    /// <param name="request">The source and its renditions.</param>
    /// <param name="options">How to run the job; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait. The service goes on with a request that it has accepted.</param>
    /// <returns>
    /// One event for each rendition. A rendition that failed is a result, not an exception; and so is one that was too large and could not be asked for once more
    /// (<see cref="RenditionJobResult.Error"/>).
    /// </returns>
    /// <exception cref="InvalidProcessRequestException">The request breaks a rule of the API; nothing was sent.</exception>
    /// <exception cref="AssetComputeException">The request was refused or failed, or the journal could not be read any more.</exception>
    /// <exception cref="RenditionJobTimeoutException">Not all events came in time.</exception>
    Task<RenditionJobResult> RunAsync(ProcessRequest request, RenditionJobOptions? options, CancellationToken cancellationToken = default);

    /// <summary>
    /// Hands in many requests, so many at a time, and returns their results as they finish. A request that fails does not end the others:
    /// its result says so.
    /// </summary>
    /// <remarks>The requests are taken as there is room for them. Ending the enumeration ends the waits for the rest.</remarks>
    /// <param name="requests">The requests.</param>
    /// <param name="options">How to run the jobs; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the waits. The service goes on with requests that it has accepted.</param>
    /// <returns>One result for each request, in the order in which they finish.</returns>
    IAsyncEnumerable<RenditionJobResult> RunManyAsync(
        IAsyncEnumerable<ProcessRequest> requests,
        RenditionJobOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// The jobs that wait for events now, and the position from which all of their events can be read: saved, it lets another process await
    /// them. A job that asks once more for what was too large is in it with all that it was handed in with: whoever resumes it is asked for larger targets again.
    /// </summary>
    RenditionJobsSnapshot TakeSnapshot();

    /// <summary>Awaits jobs that another process has handed in. Nothing is sent again.</summary>
    /// <param name="snapshot">What <see cref="TakeSnapshot"/> has given, at most seven days ago.</param>
    /// <param name="options">How to run the jobs; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the waits.</param>
    /// <returns>One result for each job, in the order in which they finish.</returns>
    IAsyncEnumerable<RenditionJobResult> ResumeAsync(
        RenditionJobsSnapshot snapshot,
        RenditionJobOptions? options = null,
        CancellationToken cancellationToken = default);
}
