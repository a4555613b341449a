using System.Security.Cryptography;

namespace AssetCompute.Client.Webhooks;

/// <summary>What came of looking for a key.</summary>
/// <param name="Status">Whether it is there.</param>
/// <param name="Key">The key, where it is.</param>
/// <param name="Reason">Why it is not there.</param>
internal readonly record struct PublicKeyAnswer(PublicKeyStatus Status, RSAParameters Key = default, string? Reason = null)
{
    public static PublicKeyAnswer Unavailable(string reason) => new(PublicKeyStatus.Unavailable, Reason: reason);
}
