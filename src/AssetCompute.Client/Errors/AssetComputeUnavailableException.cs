namespace AssetCompute.Client;

/// <summary>The service failed (408 or 5xx), could not be reached, or did not answer in time, and the allowed attempts are used up.</summary>
/// <param name="message">What happened, and what to do.</param>
/// <param name="innerException">The cause. Default: none.</param>
public sealed class AssetComputeUnavailableException(string message, Exception? innerException = null) : AssetComputeException(message, innerException);
