using AssetCompute.Client;

var emulator = new Uri("http://127.0.0.1:8080");
await using var assetCompute = AssetComputeClient.Create(options => options.UseEmulator(emulator));
using var storage = new EmulatorAssetStorage(emulator);
var renderer = new AssetRenderer(assetCompute.Jobs, storage);
var result = await renderer.RenderAsync(args[0], [new FileRendition("small.jpg", new Rendition { Width = 640 }), new FileRendition("icon.png", new Rendition { Width = 48 })]);
foreach (var file in result.Files)
    Console.WriteLine(file.Event);
