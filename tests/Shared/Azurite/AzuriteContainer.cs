using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;

namespace AssetCompute.Client.StorageTests;

/// <summary>A container of Azurite, and clients and URLs of it.</summary>
internal static class AzuriteContainer
{
    private const string Account = "devstoreaccount1";
    private const string Container = "assets";

    // The key that every Azurite has; Microsoft's documentation names it.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public static Uri AddressOf(Uri server) => new(server, $"{Account}/{Container}");

    public static BlobContainerClient ClientOf(Uri server, BlobClientOptions? options = null) => new(AddressOf(server), new StorageSharedKeyCredential(Account, Key), options);

    public static Task CreateAsync(Uri server, BlobClientOptions? options = null) => ClientOf(server, options).CreateAsync();

    /// <param name="server">Where Azurite answers.</param>
    /// <param name="expiry">When the SAS expires.</param>
    /// <param name="permissions">Read, create, write and delete are what the storage needs.</param>
    public static Uri UrlOf(Uri server, DateTimeOffset expiry, string permissions = "rcwd")
    {
        BlobSasBuilder sas = new() { BlobContainerName = Container, Resource = "c", ExpiresOn = expiry };
        sas.SetPermissions(permissions, normalize: true);
        return ClientOf(server).GenerateSasUri(sas);
    }
}
