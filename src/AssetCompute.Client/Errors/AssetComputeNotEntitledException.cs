namespace AssetCompute.Client;

/// <summary>
/// The credentials are valid, but the project is not entitled to the service (403). Add the APIs to the project in the Developer Console.
/// </summary>
public sealed class AssetComputeNotEntitledException : AssetComputeException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause. Default: none.</param>
    public AssetComputeNotEntitledException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
