using AssetCompute.Client;
using AssetCompute.Emulator;

await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None);
await using AssetComputeClient assetCompute = AssetComputeClient.Create(options =>
{
    options.Endpoint = emulator.Endpoint;
    options.ImsEndpoint = emulator.ImsEndpoint;
    options.OrganizationId = EmulatorClient.WellKnown.OrganizationId;
    options.ClientId = EmulatorClient.WellKnown.ClientId;
    options.ClientSecrets.Add(EmulatorClient.WellKnown.ClientSecrets[0]);
});
RenditionJobResult result = await assetCompute.Jobs.RunAsync(new ProcessRequest
{
    Source = emulator.Storage.CreateReadUrl("source"),
    Renditions = [new Rendition { Name = "small.jpg", Format = RenditionFormat.Jpg, Target = emulator.Storage.CreateWriteUrl("small.jpg") }],
});
Console.WriteLine(result.Renditions[0]);
