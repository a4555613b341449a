namespace AssetCompute.Client;

/// <summary>
/// The credentials are good, but the project is not entitled to the service (403): add the APIs to it in the Developer Console.
/// </summary>
public sealed class AssetComputeNotEntitledException : AssetComputeException
{
    /// <summary>A failed call without details.</summary>
    public AssetComputeNotEntitledException()
    {
    }

    /// <summary>A failed call.</summary>
    /// <param name="message">What happened, and what to do.</param>
    public AssetComputeNotEntitledException(string message)
        : base(message)
    {
    }

    /// <summary>A failed call.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public AssetComputeNotEntitledException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
