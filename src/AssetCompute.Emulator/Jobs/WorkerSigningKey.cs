using System.Security.Cryptography;
using System.Text;

namespace AssetCompute.Emulator;

/// <summary>
/// The key that a custom worker on Adobe's SDK signs its events with: it gets it in each call as <c>hmacPrivateKey</c>, and sends <c>x-ac-hmac-signature</c>, which is
/// in fact an RSA signature.
/// </summary>
internal sealed class WorkerSigningKey : IDisposable
{
    /// <summary>Made for the first worker: an emulator without one need not wait for it.</summary>
    private readonly Lazy<RSA> _key = new(() => RSA.Create(2048));

    /// <summary>The private key as the SDK reads it: PEM in base64.</summary>
    public string PrivateKey => Convert.ToBase64String(Encoding.ASCII.GetBytes(_key.Value.ExportPkcs8PrivateKeyPem()));

    /// <summary>Whether a signature in base64 is that of a body.</summary>
    public bool Verifies(byte[] body, string signature)
    {
        var bytes = new byte[signature.Length];
        return Convert.TryFromBase64String(signature, bytes, out var length)
            && _key.Value.VerifyData(body, bytes.AsSpan(0, length), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    public void Dispose()
    {
        if (_key.IsValueCreated)
        {
            _key.Value.Dispose();
        }
    }
}
