namespace AssetCompute.Client;

/// <summary>The service refused the request as malformed (400, 413, 415 or 422). The message quotes its reason. A retry does not help.</summary>
/// <param name="message">What happened, and what to do.</param>
/// <param name="innerException">The cause. Default: none.</param>
public sealed class AssetComputeInvalidRequestException(string message, Exception? innerException = null) : AssetComputeException(message, innerException);
