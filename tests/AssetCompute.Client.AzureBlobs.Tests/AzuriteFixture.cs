using AssetCompute.Client.StorageTests;

[assembly: AssemblyFixture(typeof(AssetCompute.Client.AzureBlobs.Tests.AzuriteFixture))]

namespace AssetCompute.Client.AzureBlobs.Tests;

/// <summary>Azurite with one container, for all tests.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    public NodeServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await NodeServer.StartAsync("start-azurite.cjs");
        await AzuriteContainer.CreateAsync(Server.Endpoint);
    }

    public Uri ContainerUrl(DateTimeOffset expiry, string permissions = "rcwd") => ContainerUrl(Server.Endpoint, expiry, permissions);

    /// <summary>What the Azure SDK makes with <c>GenerateSasUri</c>.</summary>
    public static Uri ContainerUrl(Uri server, DateTimeOffset expiry, string permissions = "rcwd") => AzuriteContainer.UrlOf(server, expiry, permissions);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
