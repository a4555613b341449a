using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using Microsoft.Extensions.Azure;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.AzureBlobs.Tests;

/// <summary>Code samples of docs/storage.md for Azure.</summary>
internal static class DocumentedAzureBlobs
{
    public static void RegisterManagedIdentity(IServiceCollection services, Action<AssetComputeOptions> configure)
    {
        services.AddAzureClients(clients =>
        {
            clients.UseCredential(new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned));
            clients.AddBlobServiceClient(new Uri("https://myaccount.blob.core.windows.net"));
        });
        services.AddAssetCompute(configure).AddAzureBlobsStorage(
            provider => provider.GetRequiredService<BlobServiceClient>().GetBlobContainerClient("renditions"));
    }

    public static IAssetStorage CreateWithManagedIdentity() =>
        new AzureBlobsStorage(new BlobContainerClient(
            new Uri("https://myaccount.blob.core.windows.net/renditions"),
            new ManagedIdentityCredential(ManagedIdentityId.SystemAssigned)));

    public static async Task CreateContainerAsync()
    {
        await new BlobContainerClient("UseDevelopmentStorage=true", "renditions").CreateIfNotExistsAsync();
    }

    public static void RegisterSas(IServiceCollection services, Action<AssetComputeOptions> configure, BlobContainerClient container)
    {
        ValueTask<Uri> MakeSasAsync() => new(container.GenerateSasUri(
            BlobContainerSasPermissions.Read | BlobContainerSasPermissions.Create | BlobContainerSasPermissions.Write | BlobContainerSasPermissions.Delete,
            DateTimeOffset.UtcNow.AddDays(1)));
        services.AddAssetCompute(configure).AddAzureBlobsStorage((provider, cancellationToken) => MakeSasAsync());
    }

    public static IAssetStorage CreateWithSas(Uri containerUrl) =>
        new AzureBlobsStorage(new BlobContainerClient(containerUrl));
}
