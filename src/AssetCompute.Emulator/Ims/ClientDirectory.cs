using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace AssetCompute.Emulator;

/// <summary>The clients that may sign in, by client id.</summary>
internal sealed class ClientDirectory
{
    private readonly Dictionary<string, EmulatorClient> _clients;

    /// <param name="clients">The clients that may sign in.</param>
    /// <param name="page">The client for the jobs of the web page. It can be found but is not listed.</param>
    /// <exception cref="ArgumentException">Two clients have the same id, one has no secret, or a public key cannot be read.</exception>
    public ClientDirectory(IEnumerable<EmulatorClient> clients, EmulatorClient page)
    {
        All = [.. clients];
        _clients = All.Append(page).ToDictionary(client => client.ClientId, StringComparer.Ordinal);
        foreach (var client in _clients.Values)
        {
            if (client.ClientSecrets.Count == 0)
            {
                throw new ArgumentException($"The client '{client.ClientId}' has no secret.", nameof(clients));
            }

            try
            {
                Array.ForEach([.. client.PublicKeys.Select(ReadKey)], static key => key.Dispose());
            }
            catch (Exception exception) when (exception is CryptographicException or ArgumentException)
            {
                throw new ArgumentException($"A public key of the client '{client.ClientId}' cannot be read: {exception.Message}", nameof(clients), exception);
            }
        }
    }

    public IReadOnlyCollection<EmulatorClient> All { get; }

    public EmulatorClient? Find(string? clientId) => clientId is null ? null : _clients.GetValueOrDefault(clientId);

    public static bool HasSecret(EmulatorClient client, string? secret) =>
        secret is not null && client.ClientSecrets.Any(known =>
            CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(known), Encoding.UTF8.GetBytes(secret)));

    /// <summary>Reads a key that verifies the signatures of a service account: a public key or a certificate, as PEM.</summary>
    public static RSA ReadKey(string pem)
    {
        if (pem.Contains("BEGIN CERTIFICATE", StringComparison.Ordinal))
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return certificate.GetRSAPublicKey() ?? throw new CryptographicException("The certificate holds no RSA key.");
        }

        var key = RSA.Create();
        key.ImportFromPem(pem);
        return key;
    }
}
