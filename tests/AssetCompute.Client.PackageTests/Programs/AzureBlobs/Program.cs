using System.Text;
using AssetCompute.Client;
using AssetCompute.Client.AzureBlobs;
using Azure.Storage.Blobs;

// The URL of a container with its SAS.
using AzureBlobsStorage storage = new(new BlobContainerClient(new Uri(args[0])));
StorageTarget target = await storage.CreateTargetAsync("letter.txt");
using HttpClient http = new();
using HttpResponseMessage written = await http.PutAsync(target.Target.Urls[0], new StringContent("Dear reader"));
written.EnsureSuccessStatusCode();
await target.CompleteAsync(new RenditionCreated { Metadata = new RenditionMetadata { Size = 11 } });
using StoredAsset stored = await storage.OpenReadAsync("letter.txt");
using StreamReader reader = new(stored.Content, Encoding.UTF8);
Console.WriteLine(await reader.ReadToEndAsync());
await storage.DeleteAsync("letter.txt");
