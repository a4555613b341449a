using AssetCompute.Client;
using AssetCompute.Emulator;

namespace WebApi;

/// <summary>Points the client at an emulator.</summary>
internal static class EmulatorSettings
{
    public static void Apply(AssetComputeOptions options, AssetComputeEmulator emulator)
    {
        options.Endpoint = emulator.Endpoint;
        options.ImsEndpoint = emulator.ImsEndpoint;
        options.OrganizationId = EmulatorClient.WellKnown.OrganizationId;
        options.ClientId = EmulatorClient.WellKnown.ClientId;
        options.ClientSecrets.Add(EmulatorClient.WellKnown.ClientSecrets[0]);
        options.Journal.PollInterval = TimeSpan.FromMilliseconds(100);
        options.Journal.MaxPollInterval = TimeSpan.FromMilliseconds(500);
    }
}
