using System.Security.Cryptography;
using System.Text;

namespace AssetCompute.Emulator;

/// <summary>
/// The key with which a custom worker based on Adobe's SDK signs its events. Each call to the worker contains it as <c>hmacPrivateKey</c>. The worker sends
/// the signature as <c>x-ac-hmac-signature</c>, although it is an RSA signature.
/// </summary>
internal sealed class WorkerSigningKey : IDisposable
{
    /// <summary>Created for the first worker, so that an emulator without workers doesn't wait for it.</summary>
    private readonly Lazy<RSA> _key = new(() => RSA.Create(2048));

    /// <summary>The private key in the format that the SDK reads: PEM in base64.</summary>
    public string PrivateKey => Convert.ToBase64String(Encoding.ASCII.GetBytes(_key.Value.ExportPkcs8PrivateKeyPem()));

    /// <summary>Whether a base64 signature matches a body.</summary>
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
