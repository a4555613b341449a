using System.Diagnostics;

namespace AssetCompute.Client.Authentication;

/// <summary>What a JWT (service account) credential has beyond the client and its secret.</summary>
[DebuggerDisplay("{TechnicalAccountId}")]
internal sealed class ServiceAccount(string technicalAccountId, IReadOnlyList<string> metascopes, string? privateKey)
{
    public string TechnicalAccountId { get; } = technicalAccountId;

    public IReadOnlyList<string> Metascopes { get; } = metascopes;

    /// <summary>PEM; null where the file does not hold it.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? PrivateKey { get; } = privateKey;
}
