namespace AssetCompute.Client;

/// <summary>The client is not registered (404). Call <see cref="IAssetComputeClient.RegisterAsync"/> first.</summary>
/// <param name="message">What happened, and what to do.</param>
/// <param name="innerException">The cause. Default: none.</param>
public sealed class AssetComputeNotRegisteredException(string message, Exception? innerException = null) : AssetComputeException(message, innerException);
