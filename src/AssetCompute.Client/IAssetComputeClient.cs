namespace AssetCompute.Client;

/// <summary>
/// The HTTP API of the Asset Compute Service, one method for each operation.
/// </summary>
/// <remarks>
/// To request renditions and await their events in one step, use <see cref="IRenditionJobs"/>. Every method throws a sub-type of
/// <see cref="AssetComputeException"/> when the service refuses or fails, and <see cref="OperationCanceledException"/> when cancelled.
/// </remarks>
public interface IAssetComputeClient
{
    /// <summary>
    /// Registers the client and returns the URL of its event journal: <c>POST /register</c>. Idempotent; a client that is registered
    /// already gets the same journal again.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call, also in the middle of a wait.</param>
    /// <returns>The journal and the request id.</returns>
    Task<RegisterResult> RegisterAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends the registration of the client: <c>POST /unregister</c>. Its journal is gone and no asset can be processed until it is
    /// registered again.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call, also in the middle of a wait.</param>
    /// <returns>The request id.</returns>
    /// <exception cref="AssetComputeNotRegisteredException">The client is not registered.</exception>
    Task<UnregisterResult> UnregisterAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Hands in one asset and the renditions wanted of it: <c>POST /process</c>. Returns when the service has accepted the request; the
    /// results come later, as events in the journal.
    /// </summary>
    /// <param name="request">The source and its renditions. It is checked before anything is sent.</param>
    /// <param name="cancellationToken">Cancels the call, also in the middle of a wait.</param>
    /// <returns>The request id, which every event of the request carries.</returns>
    /// <exception cref="InvalidProcessRequestException">The request breaks a rule of the API; nothing was sent.</exception>
    /// <exception cref="AssetComputeNotRegisteredException">The client is not registered.</exception>
    Task<ProcessResult> ProcessAsync(ProcessRequest request, CancellationToken cancellationToken = default);
}
