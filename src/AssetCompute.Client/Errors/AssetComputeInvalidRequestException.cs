namespace AssetCompute.Client;

/// <summary>
/// The service refused the request as malformed (400, also 413, 415 and 422): the message says what it found. Trying again does not help.
/// </summary>
public sealed class AssetComputeInvalidRequestException : AssetComputeException
{
    /// <summary>A failed call without details.</summary>
    public AssetComputeInvalidRequestException()
    {
    }

    /// <summary>A failed call.</summary>
    /// <param name="message">What happened, and what to do.</param>
    public AssetComputeInvalidRequestException(string message)
        : base(message)
    {
    }

    /// <summary>A failed call.</summary>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="innerException">The cause, or null.</param>
    public AssetComputeInvalidRequestException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
