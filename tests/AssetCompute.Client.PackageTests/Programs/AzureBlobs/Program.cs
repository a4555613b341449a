using System.Text;
using AssetCompute.Client;
using AssetCompute.Client.AzureBlobs;
using Azure.Storage.Blobs;

// The argument is the URL of a container with its SAS, or a photograph to render with the emulator.
Console.WriteLine(args[0].StartsWith("http", StringComparison.Ordinal) ? await StoreAsync(new Uri(args[0])) : await RenderAsync(args[0]));

static async Task<string> StoreAsync(Uri container)
{
    using AzureBlobsStorage storage = new(new BlobContainerClient(container));
    StorageTarget target = await storage.CreateTargetAsync("letter.txt");
    using HttpClient http = new();
    using HttpResponseMessage written = await http.PutAsync(target.Target.Urls[0], new StringContent("Dear reader"));
    written.EnsureSuccessStatusCode();
    await target.CompleteAsync(new RenditionCreated { Metadata = new RenditionMetadata { Size = 11 } });
    using StoredAsset stored = await storage.OpenReadAsync("letter.txt");
    using StreamReader reader = new(stored.Content, Encoding.UTF8);
    string text = await reader.ReadToEndAsync();
    await storage.DeleteAsync("letter.txt");
    return text;
}

static async Task<string> RenderAsync(string photograph)
{
    Uri emulator = new("http://127.0.0.1:8080");
    await using AssetComputeClient assetCompute = AssetComputeClient.Create(options => options.UseEmulator(emulator));
    using EmulatorAssetStorage storage = new(emulator);
    RenderResult result = await new AssetRenderer(assetCompute.Jobs, storage).RenderAsync(photograph, [new FileRendition("small.jpg", new Rendition { Width = 640 })]);
    return $"{result.Files[0].Event}";
}
