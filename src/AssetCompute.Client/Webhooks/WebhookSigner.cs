using System.Security.Cryptography;

namespace AssetCompute.Client.Webhooks;

/// <summary>
/// Signs deliveries as Adobe does, with a key pair of its own: for tests of a webhook, without a network.
/// </summary>
/// <remarks>A receiver trusts it only where its <see cref="WebhookOptions.PublicKeyEndpoint"/>, or its HTTP client, leads to the signer's key.</remarks>
public sealed class WebhookSigner : IDisposable
{
    private const int KeySize = 2048;

    private readonly object _gate = new();
    private readonly RSA _key =
#if NETSTANDARD2_0
        // On the .NET Framework, RSA.Create() makes keys of 1,024 bits only.
        new RSACryptoServiceProvider(KeySize);
#else
        RSA.Create(KeySize);
#endif

    /// <summary>A signer with a new key pair, under a new path.</summary>
    public WebhookSigner()
        : this($"/prod/keys/pub-key-{Guid.NewGuid():D}.pem")
    {
    }

    /// <summary>A signer with a new key pair, under a path of one's own: that of another signer lets a test replace a key at its place.</summary>
    /// <param name="keyPath">The path of the key.</param>
    /// <exception cref="ArgumentException"><paramref name="keyPath"/> is null or empty.</exception>
    public WebhookSigner(string keyPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(keyPath);
        KeyPath = keyPath;
        PublicKeyPem = Authentication.RsaPublicKey.Write(_key.ExportParameters(includePrivateParameters: false));
    }

    /// <summary>The path of the public key, such as <c>/prod/keys/pub-key-….pem</c>.</summary>
    public string KeyPath { get; }

    /// <summary>The public key, as the key host serves it at <see cref="KeyPath"/>.</summary>
    public string PublicKeyPem { get; }

    /// <summary>Signs the body of a delivery, as its first signature.</summary>
    /// <param name="body">The body, as it will be sent.</param>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    public WebhookSignatures Sign(byte[] body)
    {
        ArgumentNullException.ThrowIfNull(body);
        lock (_gate)
        {
            byte[] signature = _key.SignData(body, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return new WebhookSignatures { Signature1 = Convert.ToBase64String(signature), KeyPath1 = KeyPath };
        }
    }

    /// <summary>
    /// A key host without a network, which serves the public keys of signers: for the <see cref="HttpClient"/> of a receiver in a test.
    /// </summary>
    /// <param name="signers">The signers.</param>
    /// <returns>The handler; the caller, or the client that it is given to, disposes it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signers"/> is null.</exception>
    public static HttpMessageHandler CreateKeyHost(params WebhookSigner[] signers)
    {
        ArgumentNullException.ThrowIfNull(signers);
        return new SignerKeyHost(signers.ToDictionary(static signer => signer.KeyPath, static signer => signer.PublicKeyPem, StringComparer.Ordinal));
    }

    /// <summary>Destroys the private key.</summary>
    public void Dispose() => _key.Dispose();
}
