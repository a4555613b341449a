using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AssetCompute.Client.Webhooks;

/// <summary>
/// Verifies the signatures of a delivery: RSA PKCS#1 v1.5 with SHA-256 over the raw bytes. One valid signature is enough. Each signature is tried
/// independently of the other.
/// </summary>
internal sealed class SignatureVerifier(PublicKeyCache keys)
{
    private const int SmallestSignature = 256;
    private const int LargestSignature = 1024;

    /// <exception cref="WebhookRefusedException">No signature is valid, or a key could not be fetched to verify it.</exception>
    public async Task VerifyAsync(byte[] body, IHeaderDictionary headers, CancellationToken cancellationToken)
    {
        List<Candidate> candidates = [.. Enumerable.Range(1, 2).Select(number => Candidate.Of(headers, number)).OfType<Candidate>()];
        byte[] hash = SHA256.HashData(body);
        foreach (Candidate candidate in candidates)
        {
            if (keys.TryGet(candidate.Path, out RSAParameters key) && candidate.Fits(hash, key))
            {
                keys.Used(candidate.Path);
                return;
            }
        }

        // The keys may have been replaced at their paths.
        string? unavailable = null;
        await foreach (Task<(Candidate, PublicKeyAnswer)> fetch in Task.WhenEach(candidates.Select(FetchAsync)).ConfigureAwait(false))
        {
            (Candidate candidate, PublicKeyAnswer answer) = await fetch.ConfigureAwait(false);
            if (answer.Key is { } key && candidate.Fits(hash, key))
            {
                keys.Used(candidate.Path);
                return;
            }

            unavailable ??= answer is { Key: null, IsMissing: false } ? answer.Reason : null;
        }

        throw new WebhookRefusedException(unavailable is null ? WebhookOutcome.InvalidSignature : WebhookOutcome.KeyUnavailable(unavailable));

        async Task<(Candidate, PublicKeyAnswer)> FetchAsync(Candidate candidate) => (candidate, await keys.FetchAsync(candidate.Path, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>A signature and the path of its key, both well-formed.</summary>
    private sealed record Candidate(byte[] Signature, string Path)
    {
        public static Candidate? Of(IHeaderDictionary headers, int number)
        {
            StringValues path = headers[WebhookSigner.KeyPathHeader(number)];
            StringValues signature = headers[WebhookSigner.SignatureHeader(number)];
            if (path.Count != 1 || signature.Count != 1 || !PublicKeyCache.IsPath(path[0]))
            {
                return null;
            }

            byte[] bytes = new byte[LargestSignature];
            return Convert.TryFromBase64String(signature[0]!, bytes, out int length) && length >= SmallestSignature ? new Candidate(bytes[..length], path[0]!) : null;
        }

        public bool Fits(byte[] hash, RSAParameters key)
        {
            using RSA rsa = RSA.Create(key);
            try
            {
                return rsa.VerifyHash(hash, Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            }
            catch (CryptographicException)
            {
                // Some platforms throw if the signature and the key differ in length.
                return false;
            }
        }
    }
}
