namespace AssetCompute.Client;

/// <summary>
/// The client is not registered (404): call <see cref="IAssetComputeClient.RegisterAsync"/> first.
/// </summary>
public sealed class AssetComputeNotRegisteredException : AssetComputeException
{
    /// <summary>A failed call without details.</summary>
    public AssetComputeNotRegisteredException()
    {
    }

    /// <summary>A failed call.</summary>
    /// <param name="message">What happened, and what to do.</param>
    public AssetComputeNotRegisteredException(string message)
        : base(message)
    {
    }

    /// <summary>A failed call.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public AssetComputeNotRegisteredException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
