using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace AssetCompute.Emulator;

/// <summary>
/// The two keys that sign deliveries. Each delivery contains the paths of the public halves. Public halves of replaced keys stay available, because deliveries
/// signed with them may still be in transit.
/// </summary>
internal sealed class WebhookKeys
{
    public const string PathPrefix = "/prod/keys/";

    /// <summary>The first keys of all emulators in this process. Tests start many emulators, and a new key takes longer than most of their work.</summary>
    private static readonly Lazy<RSA[]> First = new(static () => [RSA.Create(2048), RSA.Create(2048)]);

    // An instance of RSA may not be used by two threads at once, and emulators share the first keys.
    private static readonly Lock Gate = new();
    private readonly ConcurrentDictionary<string, string> _public = new(StringComparer.Ordinal);
    private readonly (string Path, RSA Rsa)[] _keys = new (string, RSA)[2];
    private int _made;

    /// <summary>Creates the keys for the first webhook. It may take a second, for which neither an emulator without webhooks nor a delivery waits.</summary>
    public void Prepare()
    {
        lock (Gate)
        {
            while (_made < _keys.Length)
            {
                ReplaceOldest(First.Value[_made]);
            }
        }
    }

    /// <summary>Signs a body with both keys. Returns the signatures in base64 and the paths of the public halves.</summary>
    public IReadOnlyList<(string Signature, string PublicKeyPath)> Sign(byte[] body)
    {
        lock (Gate)
        {
            Prepare();
            return [.. _keys.Select(key => (Convert.ToBase64String(key.Rsa.SignData(body, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)), key.Path))];
        }
    }

    /// <summary>Replaces the older of the two keys.</summary>
    public void Rotate()
    {
        lock (Gate)
        {
            Prepare();
            ReplaceOldest(RSA.Create(2048));
        }
    }

    /// <summary>Returns the public half at a path, as PEM.</summary>
    public string? PublicKeyAt(string path) => _public.GetValueOrDefault(path);

    private void ReplaceOldest(RSA key)
    {
        var path = $"{PathPrefix}pub-key-{Guid.NewGuid():D}.pem";
        _keys[_made++ % _keys.Length] = (path, key);
        _public[path] = key.ExportSubjectPublicKeyInfoPem();
    }
}
