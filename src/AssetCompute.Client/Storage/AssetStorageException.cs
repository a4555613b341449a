using System.Net;

namespace AssetCompute.Client;

/// <summary>A storage refused a call, or cannot be reached.</summary>
/// <remarks>No member ever holds a secret or a signed URL.</remarks>
public sealed class AssetStorageException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened, and what to do; no signed URL.</param>
    /// <param name="innerException">The cause. Default: none.</param>
    public AssetStorageException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>True where there is no object of that name.</summary>
    public bool IsNotFound { get; init; }

    /// <summary>
    /// True where the same call may succeed later: the storage was busy or out of reach. It was tried several times before this was thrown.
    /// </summary>
    public bool IsTransient { get; init; }

    /// <summary>The status that the storage answered with; null where it did not answer, or the failure is none of its answers.</summary>
    public HttpStatusCode? StatusCode { get; init; }
}
