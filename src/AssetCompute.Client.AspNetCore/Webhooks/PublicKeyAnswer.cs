using System.Security.Cryptography;

namespace AssetCompute.Client.Webhooks;

/// <summary>The result of a request for a key.</summary>
/// <param name="Key">The key; null if there is none.</param>
/// <param name="IsMissing">Whether the key host answered that the key does not exist.</param>
/// <param name="Reason">Why there is no key.</param>
internal sealed record PublicKeyAnswer(RSAParameters? Key = null, bool IsMissing = false, string? Reason = null)
{
    public static PublicKeyAnswer Unavailable(string reason) => new(Reason: reason);
}
