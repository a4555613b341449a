namespace AssetCompute.Client;

/// <summary>The credentials are valid, but the project is not entitled to the service (403). Add the APIs to the project in the Developer Console.</summary>
/// <param name="message">What happened, and what to do.</param>
/// <param name="innerException">The cause. Default: none.</param>
public sealed class AssetComputeNotEntitledException(string message, Exception? innerException = null) : AssetComputeException(message, innerException);
