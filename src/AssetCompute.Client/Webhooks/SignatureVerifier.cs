using System.Security.Cryptography;

namespace AssetCompute.Client.Webhooks;

/// <summary>
/// Checks the signatures of a delivery: RSA PKCS#1 v1.5 with SHA-256 over the bytes as they came. One that fits is enough, and each is tried by itself:
/// whatever is wrong with the one harms nothing in the other.
/// </summary>
internal sealed class SignatureVerifier(PublicKeyCache keys)
{
    private const int SmallestSignature = 256;
    private const int LargestSignature = 1024;

    /// <exception cref="WebhookException">No signature fits, or a key could not be had to know for sure.</exception>
    public async Task VerifyAsync(ReadOnlyMemory<byte> body, WebhookSignatures signatures, CancellationToken cancellationToken)
    {
        List<Candidate> candidates = [.. new[] { Candidate.Of(signatures.Signature1, signatures.KeyPath1), Candidate.Of(signatures.Signature2, signatures.KeyPath2) }
            .OfType<Candidate>()];
        if (candidates.Count == 0)
        {
            throw new WebhookException(WebhookRefusal.InvalidSignature, "The delivery has no signature with a key that Adobe could have made it with.");
        }

        byte[] hash = SHA256.HashData(body.Span);
        foreach (Candidate candidate in candidates)
        {
            if (keys.TryGet(candidate.Path, out RSAParameters key) && candidate.Fits(hash, key))
            {
                keys.Used(candidate.Path);
                return;
            }
        }

        // No key at hand fits: they may have been replaced at their places.
        List<Task<(Candidate Candidate, PublicKeyAnswer Answer)>> asked = [.. candidates.Select(candidate => AskAsync(candidate, cancellationToken))];
        string? unavailable = null;
        while (asked.Count > 0)
        {
            Task<(Candidate Candidate, PublicKeyAnswer Answer)> next = await Task.WhenAny(asked).ConfigureAwait(false);
            asked.Remove(next);
            (Candidate candidate, PublicKeyAnswer answer) = await next.ConfigureAwait(false);
            if (answer.Status == PublicKeyStatus.Found && candidate.Fits(hash, answer.Key))
            {
                keys.Used(candidate.Path);
                return;
            }

            unavailable ??= answer.Status == PublicKeyStatus.Unavailable ? answer.Reason : null;
        }

        throw unavailable is null
            ? new WebhookException(WebhookRefusal.InvalidSignature, "No signature fits the bytes of the delivery.")
            : new WebhookException(WebhookRefusal.KeyUnavailable, $"No signature could be checked: {unavailable}.");
    }

    private async Task<(Candidate Candidate, PublicKeyAnswer Answer)> AskAsync(Candidate candidate, CancellationToken cancellationToken) =>
        (candidate, await keys.FetchAsync(candidate.Path, cancellationToken).ConfigureAwait(false));

    /// <summary>A signature that can be checked: it has the form of one, and so has the path of its key.</summary>
    private sealed record Candidate(byte[] Signature, string Path)
    {
        public static Candidate? Of(string? signature, string? path)
        {
            if (signature is null || signature.Length > LargestSignature * 2 || !PublicKeyPath.IsValid(path))
            {
                return null;
            }

            try
            {
                byte[] bytes = Convert.FromBase64String(signature);
                return bytes.Length is >= SmallestSignature and <= LargestSignature ? new Candidate(bytes, path!) : null;
            }
            catch (FormatException)
            {
                // No base64, no signature: the other one may be right.
                return null;
            }
        }

        public bool Fits(byte[] hash, RSAParameters key)
        {
            using RSA rsa = RSA.Create();
            try
            {
                rsa.ImportParameters(key);
                return rsa.VerifyHash(hash, Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            }
            catch (CryptographicException)
            {
                // Some platforms throw at a signature of another length than the key's.
                return false;
            }
        }
    }
}
