using System.Security.Cryptography;
using System.Text;

namespace AssetCompute.Emulator;

/// <summary>The clients that may sign in, by client id.</summary>
internal sealed class ClientDirectory(IEnumerable<EmulatorClient> clients)
{
    private readonly Dictionary<string, EmulatorClient> _clients = clients.ToDictionary(client => client.ClientId, StringComparer.Ordinal);

    public IReadOnlyCollection<EmulatorClient> All => _clients.Values;

    public EmulatorClient? Find(string? clientId) => clientId is null ? null : _clients.GetValueOrDefault(clientId);

    public static bool HasSecret(EmulatorClient client, string? secret) =>
        secret is not null && client.ClientSecrets.Any(known =>
            CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(known), Encoding.UTF8.GetBytes(secret)));
}
