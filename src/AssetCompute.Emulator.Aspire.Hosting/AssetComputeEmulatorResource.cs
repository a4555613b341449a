namespace Aspire.Hosting.ApplicationModel;

/// <summary>The emulator of Adobe's Asset Compute Service, run as the .NET tool <c>AssetCompute.Emulator.Tool</c>.</summary>
/// <param name="name">The name of the resource, and of the connection string for projects that reference it.</param>
public sealed class AssetComputeEmulatorResource(string name) : DotnetToolResource(name, PackageId), IResourceWithConnectionString
{
    internal const string PackageId = "AssetCompute.Emulator.Tool";
    internal const string HttpEndpointName = "http";

    /// <summary>The HTTP endpoint of the emulator, for the service, its identity service, the journal, the storage and the page.</summary>
    public EndpointReference Endpoint => field ??= new EndpointReference(this, HttpEndpointName);

    /// <summary>
    /// The connection string for <c>AddAssetComputeClient</c> of AssetCompute.Client. It contains the endpoint and the emulator's well-known account, so it is not
    /// a secret.
    /// </summary>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"Endpoint={Endpoint.Property(EndpointProperty.Url)};ImsEndpoint={Endpoint.Property(EndpointProperty.Url)};OrganizationId=emulator@AdobeOrg;ClientId=emulator-client;ClientSecret=emulator-secret");
}
