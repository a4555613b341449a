using AssetCompute.Client;
using AssetCompute.Emulator;

await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync();
await using AssetComputeClient assetCompute = AssetComputeClient.Create(options => options.UseEmulator(emulator.Endpoint));
await emulator.Storage.PutAsync("photo.jpg", await File.ReadAllBytesAsync(args[0]), "image/jpeg");
RenditionJobResult result = await assetCompute.Jobs.RunAsync(new ProcessRequest
{
    Source = emulator.Storage.CreateReadUrl("photo.jpg"),
    Renditions = [new Rendition { Name = "small.png", Format = RenditionFormat.Png, Width = 100, Target = emulator.Storage.CreateWriteUrl("small.png") }],
});
Console.WriteLine(result.Renditions[0]);
