using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.AzureBlobs.Tests;

/// <summary>The code of docs/storage.md for Azure.</summary>
internal static class DocumentedAzureBlobs
{
    public static void Register(IServiceCollection services, Action<AssetComputeOptions> configure, Func<ValueTask<Uri>> makeSasAsync)
    {
        services.AddAssetCompute(configure).AddAzureBlobsStorage((provider, cancellationToken) => makeSasAsync());
    }

    public static IAssetStorage Create(Uri containerUrl) =>
        new AzureBlobsStorage(containerUrl);
}
