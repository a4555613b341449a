using AssetCompute.Client;
using AssetCompute.Emulator;

await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(options => options.Rendering.Mode = EmulatorRenderingMode.None);
await using AssetComputeClient assetCompute = AssetComputeClient.Create(options => options.UseEmulator(emulator.Endpoint));
RenditionJobResult result = await assetCompute.Jobs.RunAsync(new ProcessRequest
{
    Source = emulator.Storage.CreateReadUrl("source"),
    Renditions = [new Rendition { Name = "small.jpg", Format = RenditionFormat.Jpg, Target = emulator.Storage.CreateWriteUrl("small.jpg") }],
});
Console.WriteLine(result.Renditions[0]);
