using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Sas;

namespace AssetCompute.Client.StorageTests;

/// <summary>An Azurite container, with its clients and URLs.</summary>
internal static class AzuriteContainer
{
    private const string Account = "devstoreaccount1";
    private const string Container = "assets";

    // The well-known key of Azurite, from Microsoft's documentation.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public static Uri AddressOf(Uri server) => new(server, $"{Account}/{Container}");

    public static BlobContainerClient ClientOf(Uri server, BlobClientOptions? options = null) => new(AddressOf(server), new StorageSharedKeyCredential(Account, Key), options);

    public static Task CreateAsync(Uri server, BlobClientOptions? options = null) => ClientOf(server, options).CreateAsync();

    /// <param name="server">The address of Azurite.</param>
    /// <param name="expiry">The expiry of the SAS.</param>
    /// <param name="permissions">The permissions of the SAS. The storage needs read, create, write, and delete.</param>
    public static Uri UrlOf(Uri server, DateTimeOffset expiry, string permissions = "rcwd")
    {
        BlobSasBuilder sas = new() { BlobContainerName = Container, Resource = "c", ExpiresOn = expiry };
        sas.SetPermissions(permissions, normalize: true);
        return ClientOf(server).GenerateSasUri(sas);
    }
}
