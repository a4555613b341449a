using AssetCompute.Client.StorageTests;
using Azure.Storage.Blobs;

namespace AssetCompute.Client.AzureBlobs.Tests;

/// <summary>Runs the contract with a client whose URL contains a SAS, which the storage reuses.</summary>
public sealed class ContainerUrlTests(AzuriteFixture fixture)
    : AzureBlobsContract(options => new AzureBlobsStorage(new BlobContainerClient(fixture.ContainerUrl(DateTimeOffset.UtcNow.AddDays(1))), options))
{
    protected override BlobContainerClient Container { get; } = AzuriteContainer.ClientOf(fixture.Server.Endpoint);
}
