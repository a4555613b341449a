using System.Reflection;
using System.Runtime.Versioning;
using AssetCompute.Client;

Console.WriteLine(typeof(AssetComputeClient).Assembly.GetCustomAttribute<TargetFrameworkAttribute>()?.FrameworkName);

Uri emulator = new("http://127.0.0.1:8080");
await using AssetComputeClient assetCompute = AssetComputeClient.Create(options =>
{
    options.Endpoint = emulator;
    options.CredentialsFile = args[0];
});
await assetCompute.RegisterAsync();
ProcessResult accepted = await assetCompute.ProcessAsync(new ProcessRequest
{
    Source = new Uri(args[2]),
    Renditions = [new Rendition { Name = "small.jpg", Format = RenditionFormat.Jpg, Width = 640, Target = new Uri(args[3]) }],
});
await foreach (JournalEntry entry in assetCompute.Journal.ReadAsync())
{
    Console.WriteLine(entry.Event);
    if (entry.Event is RenditionEvent { RequestId: { } id } && id == accepted.RequestId)
    {
        break;
    }
}

using EmulatorAssetStorage storage = new(emulator);
RenderResult result = await new AssetRenderer(assetCompute.Jobs, storage).RenderAsync(args[1], [new FileRendition("icon.png", new Rendition { Width = 48 })]);
Console.WriteLine(result.Files[0].Event);
