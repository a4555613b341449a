using System.Globalization;
using System.Net;
using System.Security.Cryptography;

namespace AssetCompute.Client.Webhooks;

/// <summary>Signs deliveries as Adobe does, with its own key pair, for tests of a webhook without a network.</summary>
/// <remarks>
/// A webhook accepts the signatures only if its <see cref="WebhookOptions.PublicKeyEndpoint"/>, or its HTTP client, leads to the signer's key. Thread-safe.
/// </remarks>
public sealed class WebhookSigner : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);
    private readonly Lock _gate = new();

    /// <summary>Creates a signer with a new key pair.</summary>
    /// <param name="keyPath">The path of the key. Default: a new one. The path of another signer lets a test replace a key.</param>
    /// <exception cref="ArgumentException"><paramref name="keyPath"/> is empty.</exception>
    public WebhookSigner(string? keyPath = null)
    {
        KeyPath = keyPath ?? $"/prod/keys/pub-key-{Guid.NewGuid():D}.pem";
        ArgumentException.ThrowIfNullOrEmpty(KeyPath, nameof(keyPath));
        PublicKeyPem = _key.ExportSubjectPublicKeyInfoPem();
    }

    /// <summary>The path of the public key, such as <c>/prod/keys/pub-key-….pem</c>.</summary>
    public string KeyPath { get; }

    /// <summary>The public key, as the key host serves it at <see cref="KeyPath"/>.</summary>
    public string PublicKeyPem { get; }

    /// <summary>Signs the body of a delivery.</summary>
    /// <param name="body">The body, exactly as it is sent.</param>
    /// <returns>The headers to send with it: <c>x-adobe-digital-signature-1</c> and <c>x-adobe-public-key1-path</c>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="body"/> is null.</exception>
    public IReadOnlyDictionary<string, string> Sign(byte[] body)
    {
        ArgumentNullException.ThrowIfNull(body);
        lock (_gate)
        {
            return new Dictionary<string, string>
            {
                [SignatureHeader(1)] = Convert.ToBase64String(_key.SignData(body, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
                [KeyPathHeader(1)] = KeyPath,
            };
        }
    }

    /// <summary>
    /// Creates a key host that serves the public keys of signers without a network. Use it for the HTTP client of <c>AddAdobeWebhooks</c> in a test.
    /// </summary>
    /// <param name="signers">The signers.</param>
    /// <returns>The handler. Its owner, the caller or the client, disposes it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signers"/> is null.</exception>
    public static HttpMessageHandler CreateKeyHost(params WebhookSigner[] signers)
    {
        ArgumentNullException.ThrowIfNull(signers);
        return new KeyHost(signers.ToDictionary(static signer => signer.KeyPath, static signer => signer.PublicKeyPem, StringComparer.Ordinal));
    }

    /// <summary>Destroys the private key.</summary>
    public void Dispose() => _key.Dispose();

    internal static string SignatureHeader(int number) => string.Create(CultureInfo.InvariantCulture, $"x-adobe-digital-signature-{number}");

    internal static string KeyPathHeader(int number) => string.Create(CultureInfo.InvariantCulture, $"x-adobe-public-key{number}-path");

    private sealed class KeyHost(Dictionary<string, string> keys) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            bool found = keys.TryGetValue(request.RequestUri?.AbsolutePath ?? "", out string? pem);
            return Task.FromResult(new HttpResponseMessage(found ? HttpStatusCode.OK : HttpStatusCode.NotFound) { Content = new StringContent(pem ?? ""), RequestMessage = request });
        }
    }
}
