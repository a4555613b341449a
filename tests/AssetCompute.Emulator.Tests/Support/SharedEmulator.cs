namespace AssetCompute.Emulator.Tests;

/// <summary>
/// One emulator for the tests of a class that differ only in a source and its instructions: the start of a render worker takes longer than most renditions.
/// Each test has a separate client, and therefore a separate journal.
/// </summary>
public sealed class SharedEmulator : IAsyncLifetime
{
    private const int Clients = 200;

    private int _clients;

    public AssetComputeEmulator Emulator { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Emulator = await AssetComputeEmulator.StartAsync(
        options =>
        {
            for (var i = 0; i < Clients; i++)
            {
                options.Clients.Add(new EmulatorClient { ClientId = $"client-{i}", ClientSecrets = ["secret"], OrganizationId = EmulatorClient.WellKnown.OrganizationId });
            }
        },
        CancellationToken.None);

    /// <summary>Creates a client for one test, signed in and registered.</summary>
    internal Task<ServiceClient> NewClientAsync() => ServiceClient.RegisteredAsync(
        Emulator, new EmulatorClient { ClientId = $"client-{_clients++}", ClientSecrets = ["secret"], OrganizationId = EmulatorClient.WellKnown.OrganizationId });

    public ValueTask DisposeAsync() => Emulator.DisposeAsync();
}
