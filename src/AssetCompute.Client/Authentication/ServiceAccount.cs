using System.Diagnostics;

namespace AssetCompute.Client.Authentication;

/// <summary>The fields of a JWT (service account) credential besides the client and its secret.</summary>
/// <param name="technicalAccountId">The id of the technical account.</param>
/// <param name="metascopes">The names of the metascopes.</param>
/// <param name="privateKey">The private key; null if the file does not contain it.</param>
[DebuggerDisplay("{TechnicalAccountId}")]
internal sealed class ServiceAccount(string technicalAccountId, IReadOnlyList<string> metascopes, string? privateKey)
{
    public string TechnicalAccountId { get; } = technicalAccountId;

    public IReadOnlyList<string> Metascopes { get; } = metascopes;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? PrivateKey { get; } = privateKey;
}
