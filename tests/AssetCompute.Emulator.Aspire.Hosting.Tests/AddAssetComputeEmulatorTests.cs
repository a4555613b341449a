using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace AssetCompute.Emulator.AppHost.Tests;

/// <summary>Tests of the emulator resource in the model of an app host.</summary>
public sealed class AddAssetComputeEmulatorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Emulator_IsAToolOfThisVersionWithAnEndpointAndAHealthCheck()
    {
        IResourceBuilder<AssetComputeEmulatorResource> assets = Builder().AddAssetComputeEmulator("assets");

        DotnetToolAnnotation tool = Assert.Single(assets.Resource.Annotations.OfType<DotnetToolAnnotation>());
        Assert.Equal("AssetCompute.Emulator.Tool", tool.PackageId);
        Assert.Equal(typeof(AssetComputeEmulatorResource).Assembly.GetName().Version!.ToString(3), tool.Version!.Split('-')[0]);
        EndpointAnnotation endpoint = Assert.Single(assets.Resource.Annotations.OfType<EndpointAnnotation>());
        Assert.Equal(("http", null), (endpoint.UriScheme, endpoint.Port));
        Assert.Single(assets.Resource.Annotations.OfType<HealthCheckAnnotation>());
        Assert.Contains(ManifestPublishingCallbackAnnotation.Ignore, assets.Resource.Annotations);
    }

    [Fact]
    public void Emulator_WithAPort_UsesIt() =>
        Assert.Equal(7070, Assert.Single(Builder().AddAssetComputeEmulator("assets", 7070).Resource.Annotations.OfType<EndpointAnnotation>()).Port);

    [Fact]
    public async Task ConnectionString_NamesTheEndpointAndTheAccount()
    {
        IResourceBuilder<AssetComputeEmulatorResource> assets = Builder().AddAssetComputeEmulator("assets");
        EndpointAnnotation endpoint = assets.Resource.Annotations.OfType<EndpointAnnotation>().Single();
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", 4711);

        Assert.Equal(
            "Endpoint=http://localhost:4711;ImsEndpoint=http://localhost:4711;OrganizationId=emulator@AdobeOrg;ClientId=emulator-client;ClientSecret=emulator-secret",
            await ((IResourceWithConnectionString)assets.Resource).GetConnectionStringAsync(Cancellation));
    }

    /// <summary>A reference passes the connection string, not only the endpoint for service discovery, because the client reads a connection string.</summary>
    [Fact]
    public async Task Reference_PassesTheConnectionStringOn()
    {
        IDistributedApplicationBuilder builder = Builder();
        IResourceBuilder<ExecutableResource> program = builder.AddExecutable("program", "program", ".").WithReference(builder.AddAssetComputeEmulator("assets"));
        Dictionary<string, object> variables = [];
        EnvironmentCallbackContext context = new(builder.ExecutionContext, program.Resource, variables, Cancellation);
        foreach (EnvironmentCallbackAnnotation callback in program.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await callback.Callback(context);
        }

        Assert.Contains("ConnectionStrings__assets", variables.Keys);
    }

    [Fact]
    public async Task Arguments_AllowTheHostsOfContainersAndNameTheDataFolder()
    {
        IDistributedApplicationBuilder builder = Builder();
        IResourceBuilder<AssetComputeEmulatorResource> assets = builder.AddAssetComputeEmulator("assets").WithDataFolder("data");
        List<object> arguments = [];
        CommandLineArgsCallbackContext context = new(arguments, assets.Resource, Cancellation);
        foreach (CommandLineArgsCallbackAnnotation callback in assets.Resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await callback.Callback(context);
        }

        string all = string.Join(" ", arguments.Select(static argument => argument is string text ? text : "{port}"));
        Assert.Contains("--port {port} --allow-host host.docker.internal --allow-host aspire.dev.internal", all, StringComparison.Ordinal);
        Assert.EndsWith("--data " + Path.Combine(builder.AppHostDirectory, "data"), all, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_ThatAreWrong_AreNamed()
    {
        Assert.Throws<ArgumentNullException>("builder", static () => AssetComputeEmulatorBuilderExtensions.AddAssetComputeEmulator(null!, "assets"));
        Assert.Throws<ArgumentException>("name", static () => Builder().AddAssetComputeEmulator(string.Empty));
        Assert.Throws<ArgumentOutOfRangeException>("port", static () => Builder().AddAssetComputeEmulator("assets", 0));
        Assert.Throws<ArgumentOutOfRangeException>("port", static () => Builder().AddAssetComputeEmulator("assets", 65_536));
        Assert.Throws<ArgumentException>("path", static () => Builder().AddAssetComputeEmulator("assets").WithDataFolder(""));
    }

    private static IDistributedApplicationBuilder Builder() => DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });
}
