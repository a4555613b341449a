using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace AssetCompute.Emulator;

/// <summary>
/// The two keys that sign deliveries. Each delivery contains the paths of the public halves. Public halves of replaced keys stay available, because deliveries
/// signed with them may still be in transit.
/// </summary>
internal sealed class WebhookKeys : IDisposable
{
    public const string PathPrefix = "/prod/keys/";

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, string> _public = new(StringComparer.Ordinal);

    /// <summary>Created for the first webhook, so that an emulator without webhooks doesn't wait for them.</summary>
    private Key[]? _keys;

    private int _oldest;

    /// <summary>Creates the keys, which may take a second, so that the first delivery doesn't wait for them.</summary>
    public void Prepare()
    {
        lock (_gate)
        {
            Keys();
        }
    }

    /// <summary>Signs a body with both keys. Returns the signatures in base64 and the paths of the public halves.</summary>
    public IReadOnlyList<(string Signature, string PublicKeyPath)> Sign(byte[] body)
    {
        lock (_gate)
        {
            return [.. Keys().Select(key => (Convert.ToBase64String(key.Rsa.SignData(body, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)), key.Path))];
        }
    }

    /// <summary>Replaces the older of the two keys.</summary>
    public void Rotate()
    {
        lock (_gate)
        {
            var keys = Keys();
            keys[_oldest].Rsa.Dispose();
            keys[_oldest] = NewKey();
            _oldest = 1 - _oldest;
        }
    }

    /// <summary>Returns the public half at a path, as PEM.</summary>
    public string? PublicKeyAt(string path) => _public.GetValueOrDefault(path);

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var key in _keys ?? [])
            {
                key.Rsa.Dispose();
            }
        }
    }

    private Key[] Keys() => _keys ??= [NewKey(), NewKey()];

    private Key NewKey()
    {
        var key = new Key($"{PathPrefix}pub-key-{Guid.NewGuid():D}.pem", RSA.Create(2048));
        _public[key.Path] = key.Rsa.ExportSubjectPublicKeyInfoPem();
        return key;
    }

    private sealed record Key(string Path, RSA Rsa);
}
