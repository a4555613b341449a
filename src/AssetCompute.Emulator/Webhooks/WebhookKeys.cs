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

    /// <summary>Keys of emulators in this process that have ended. Tests start many emulators, and a new key takes longer than most of their work.</summary>
    private static readonly ConcurrentBag<RSA> Spare = [];

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, string> _public = new(StringComparer.Ordinal);
    private readonly (string Path, RSA Rsa)[] _keys = new (string, RSA)[2];
    private int _made;

    /// <summary>Creates the keys for the first webhook. It may take a second, for which neither an emulator without webhooks nor a delivery waits.</summary>
    public void Prepare()
    {
        lock (_gate)
        {
            while (_made < _keys.Length)
            {
                ReplaceOldest();
            }
        }
    }

    /// <summary>Signs a body with both keys. Returns the signatures in base64 and the paths of the public halves.</summary>
    public IReadOnlyList<(string Signature, string PublicKeyPath)> Sign(byte[] body)
    {
        lock (_gate)
        {
            Prepare();
            return [.. _keys.Select(key => (Convert.ToBase64String(key.Rsa.SignData(body, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)), key.Path))];
        }
    }

    /// <summary>Replaces the older of the two keys.</summary>
    public void Rotate()
    {
        lock (_gate)
        {
            Prepare();
            ReplaceOldest();
        }
    }

    /// <summary>Returns the public half at a path, as PEM.</summary>
    public string? PublicKeyAt(string path) => _public.GetValueOrDefault(path);

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var (_, rsa) in _keys.Take(_made))
            {
                Spare.Add(rsa);
            }

            _made = 0;
            Array.Clear(_keys);
        }
    }

    private void ReplaceOldest()
    {
        ref var key = ref _keys[_made++ % _keys.Length];
        key.Rsa?.Dispose();
        key = ($"{PathPrefix}pub-key-{Guid.NewGuid():D}.pem", Spare.TryTake(out var spare) ? spare : RSA.Create(2048));
        _public[key.Path] = key.Rsa.ExportSubjectPublicKeyInfoPem();
    }
}
