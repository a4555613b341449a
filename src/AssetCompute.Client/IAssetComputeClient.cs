namespace AssetCompute.Client;

/// <summary>The HTTP API of the Asset Compute Service. Each method is one operation.</summary>
/// <remarks>
/// To request renditions and await their events in one step, use <see cref="IRenditionJobs"/>. Every method throws a type derived from
/// <see cref="AssetComputeException"/> when the service refuses or fails, and <see cref="OperationCanceledException"/> when it is canceled.
/// </remarks>
public interface IAssetComputeClient
{
    /// <summary>
    /// Registers the client and returns the URL of its event journal: <c>POST /register</c>. Idempotent: a client that is
    /// already registered gets the same journal.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call, also while it waits.</param>
    /// <returns>The journal and the request id.</returns>
    Task<RegisterResult> RegisterAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends the registration of the client: <c>POST /unregister</c>. Its journal is deleted, and no asset can be processed until the client is
    /// registered again.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call, also while it waits.</param>
    /// <returns>The request id.</returns>
    /// <exception cref="AssetComputeNotRegisteredException">The client is not registered.</exception>
    Task<UnregisterResult> UnregisterAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Requests renditions of one asset: <c>POST /process</c>. Returns when the service has accepted the request. The results arrive later, as
    /// events in the journal.
    /// </summary>
    /// <param name="request">The source and its renditions. They are validated before anything is sent.</param>
    /// <param name="cancellationToken">Cancels the call, also while it waits.</param>
    /// <returns>The request id. Every event of the request has it.</returns>
    /// <exception cref="InvalidProcessRequestException">The request breaks a rule of the API; nothing was sent.</exception>
    /// <exception cref="AssetComputeNotRegisteredException">The client is not registered.</exception>
    Task<ProcessResult> ProcessAsync(ProcessRequest request, CancellationToken cancellationToken = default);
}
