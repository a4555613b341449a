using AssetCompute.Emulator;

namespace AssetCompute.Client.PackageTests;

/// <summary>What the programs of these tests talk to: pictures are not their subject.</summary>
internal static class EmulatorWithoutRendering
{
    public static Task<AssetComputeEmulator> StartAsync(params EmulatorClient[] clients) => AssetComputeEmulator.StartAsync(
        options =>
        {
            options.Rendering.Mode = EmulatorRenderingMode.None;
            Array.ForEach(clients, options.Clients.Add);
        },
        TestContext.Current.CancellationToken);

    /// <summary>The text of a program, with the emulator's address in the place of the usual one.</summary>
    public static string Addressed(this AssetComputeEmulator emulator, string program) =>
        program.Replace("http://127.0.0.1:8080", emulator.Endpoint.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal);
}
