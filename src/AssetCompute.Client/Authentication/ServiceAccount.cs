using System.Diagnostics;

namespace AssetCompute.Client.Authentication;

/// <summary>What a JWT (service account) credential has beside the client and its secret.</summary>
/// <param name="technicalAccountId">The id of the technical account.</param>
/// <param name="metascopes">The names of the metascopes.</param>
/// <param name="privateKey">The private key, or null where the file does not hold it.</param>
[DebuggerDisplay("{TechnicalAccountId}")]
internal sealed class ServiceAccount(string technicalAccountId, IReadOnlyList<string> metascopes, string? privateKey)
{
    public string TechnicalAccountId { get; } = technicalAccountId;

    public IReadOnlyList<string> Metascopes { get; } = metascopes;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? PrivateKey { get; } = privateKey;
}
