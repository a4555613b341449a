namespace AssetCompute.Client;

/// <summary>
/// The service refused the request as malformed (400, 413, 415 or 422). The message quotes its reason. A retry does not help.
/// </summary>
public sealed class AssetComputeInvalidRequestException : AssetComputeException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause. Default: none.</param>
    public AssetComputeInvalidRequestException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
