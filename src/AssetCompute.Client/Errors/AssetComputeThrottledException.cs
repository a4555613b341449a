namespace AssetCompute.Client;

/// <summary>The service throttled the call (429), and the allowed attempts and waits are used up.</summary>
/// <param name="message">What happened, and what to do.</param>
/// <param name="innerException">The cause. Default: none.</param>
public sealed class AssetComputeThrottledException(string message, Exception? innerException = null) : AssetComputeException(message, innerException);
