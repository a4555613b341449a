using AssetCompute.Emulator;

namespace AssetCompute.Client.PackageTests;

/// <summary>The emulator for the programs of these tests, which don't test rendering.</summary>
internal static class EmulatorWithoutRendering
{
    public static Task<AssetComputeEmulator> StartAsync(params EmulatorClient[] clients) => AssetComputeEmulator.StartAsync(
        options =>
        {
            options.Rendering.Mode = EmulatorRenderingMode.None;
            Array.ForEach(clients, options.Clients.Add);
        },
        TestContext.Current.CancellationToken);

    /// <summary>Replaces the default address in the text of a program with the emulator's address.</summary>
    public static string Addressed(this AssetComputeEmulator emulator, string program) =>
        program.Replace("http://127.0.0.1:8080", emulator.Endpoint.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal);
}
