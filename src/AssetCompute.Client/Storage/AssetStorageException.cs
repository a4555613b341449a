using System.Net;

namespace AssetCompute.Client;

/// <summary>A storage refused a call, or could not be reached.</summary>
/// <remarks>No member contains a secret or a signed URL.</remarks>
/// <param name="message">What happened, and what to do, without a signed URL.</param>
/// <param name="innerException">The cause. Default: none.</param>
public sealed class AssetStorageException(string message, Exception? innerException = null) : IOException(message, innerException)
{
    /// <summary>True if there is no object with that name.</summary>
    public bool IsNotFound { get; init; }

    /// <summary>
    /// True if the same call may succeed later: the storage was busy or unreachable. The call was retried several times before this was thrown.
    /// </summary>
    public bool IsTransient { get; init; }

    /// <summary>The status of the storage's answer; null if it did not answer, or if the failure is not an answer.</summary>
    public HttpStatusCode? StatusCode { get; init; }
}
