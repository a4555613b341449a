using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AssetCompute.Client.StorageTests;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

[assembly: AssemblyFixture(typeof(AssetCompute.Client.AzureBlobs.Tests.AzuriteFixture))]

namespace AssetCompute.Client.AzureBlobs.Tests;

/// <summary>Two Azurite servers with one container, shared by all tests: one over HTTP, and one over HTTPS that accepts tokens.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _certificates = Directory.CreateTempSubdirectory("asset-compute-certificates-");

    // The certificate is created for this run and isn't signed by a trusted root.
    private readonly HttpClient _trusting = new(new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=localhost" } });

    public NodeServer Server { get; private set; } = null!;

    public NodeServer SecureServer { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        string certificate = Path.Combine(_certificates.FullName, "certificate.pem");
        string key = Path.Combine(_certificates.FullName, "key.pem");
        using (RSA rsa = RSA.Create(2048))
        {
            CertificateRequest request = new("CN=localhost", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            SubjectAlternativeNameBuilder names = new();
            names.AddIpAddress(IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
            using X509Certificate2 signed = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
            await File.WriteAllTextAsync(certificate, signed.ExportCertificatePem());
            await File.WriteAllTextAsync(key, rsa.ExportPkcs8PrivateKeyPem());
        }

        Task<NodeServer> secure = NodeServer.StartAsync("start-azurite.cjs", arguments: [certificate, key]);
        Server = await NodeServer.StartAsync("start-azurite.cjs");
        SecureServer = await secure;
        await AzuriteContainer.CreateAsync(Server.Endpoint);
        await AzuriteContainer.CreateAsync(SecureServer.Endpoint, TrustingOptions());
    }

    /// <summary>Creates client options that trust the server's self-signed certificate.</summary>
    public BlobClientOptions TrustingOptions() => new() { Transport = new HttpClientTransport(_trusting) };

    public BlobContainerClient SecureClient(EntraCredential credential) => new(AzuriteContainer.AddressOf(SecureServer.Endpoint), credential, TrustingOptions());

    public Uri ContainerUrl(DateTimeOffset expiry, string permissions = "rcwd") => AzuriteContainer.UrlOf(Server.Endpoint, expiry, permissions);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await SecureServer.DisposeAsync();
        _trusting.Dispose();
        _certificates.Delete(recursive: true);
    }
}
