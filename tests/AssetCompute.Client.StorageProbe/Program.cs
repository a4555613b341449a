using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.S3;
using AssetCompute.Client;
using AssetCompute.Client.AmazonS3;
using AssetCompute.Client.AzureBlobs;
using AssetCompute.Client.StorageProbe;
using AssetCompute.Client.StorageTests;
using Azure.Storage.Blobs;

// Sends a large file through a storage and the service and back, and prints the memory use. Arguments:
// <s3 | azure> <storage> <service> <bytes> <bytes of a part> <file for the rendition>.
// Or uploads until it is killed. Arguments: <s3 | azure> <storage> upload <name>.
bool isUpload = args[2] == "upload";
long size = isUpload ? long.MaxValue : long.Parse(args[3], CultureInfo.InvariantCulture);
long partSize = isUpload ? StorageTargetOptions.MaxPartSize : long.Parse(args[4], CultureInfo.InvariantCulture);
IAssetStorage storage = args[0] switch
{
    "s3" => new AmazonS3Storage(CreateClient(args[1]), "assets", new AmazonS3StorageOptions { PartSize = partSize }),
    "azure" => new AzureBlobsStorage(new BlobContainerClient(new Uri(args[1])), new AzureBlobsStorageOptions { PartSize = partSize }),
    _ => throw new ArgumentException("The first argument is neither s3 nor azure."),
};
if (isUpload)
{
    await storage.UploadAsync(args[3], new PseudoRandomStream(size));
}

Uri service = new(args[2]);
await using AssetComputeClient assetCompute = AssetComputeClient.Create(options => options.UseEmulator(service));

using MemoryGauge memory = new();
await storage.UploadAsync("large.bin", new PseudoRandomStream(size));
Uri large = await storage.CreateReadUrlAsync("large.bin");
AssetRenderer renderer = new(assetCompute.Jobs, storage);
using MemoryStream source = new("An archive needs no source."u8.ToArray());

// The bytes can't be compressed, so the archive is as large as the file.
// The size and type are specified because a URL that is signed for GET rejects a HEAD request.
Rendition archive = new() { Format = RenditionFormat.Zip, Files = [new ArchiveFile { Url = large.OriginalString, Path = "large.bin", CustomFields = new JsonObject { ["type"] = "application/octet-stream", ["size"] = size } }] };
RenderResult result = await renderer.RenderAsync(source, "source.txt", [new FileRendition(args[5], archive) { ExpectedMaxSize = size + partSize }]);
await storage.DeleteAsync("large.bin");

RenderedFile file = result.Files[0];
Console.WriteLine(new JsonObject
{
    ["succeeded"] = result.Succeeded,
    ["size"] = (file.Event as RenditionCreated)?.Metadata.Size,
    ["error"] = file.Error?.ToString() ?? (file.Event as RenditionFailed)?.Message,
    ["leftBehind"] = result.LeftBehind.Count,
    ["peakBytes"] = memory.PeakBytes,
    ["peakWorkingSetBytes"] = Process.GetCurrentProcess().PeakWorkingSet64,
    ["allocatedBytes"] = GC.GetTotalAllocatedBytes(),
}.ToJsonString());

static AmazonS3Client CreateClient(string endpoint) => new(new BasicAWSCredentials("S3RVER", "S3RVER"), new AmazonS3Config
{
    ServiceURL = endpoint,
    AuthenticationRegion = "us-east-1",
    ForcePathStyle = true,
    RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
    ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
});
