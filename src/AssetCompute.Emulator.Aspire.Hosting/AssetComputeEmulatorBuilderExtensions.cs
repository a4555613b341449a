using System.Reflection;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Extension methods that add the emulator of Adobe's Asset Compute Service to an app host.</summary>
public static class AssetComputeEmulatorBuilderExtensions
{
    // Containers reach the host by these names.
    private static readonly string[] s_containerHosts = ["host.docker.internal", "aspire.dev.internal"];

    /// <summary>
    /// Adds the emulator. <c>WithReference</c> passes its connection string to a project, where <c>builder.AddAssetComputeClient(name)</c> of AssetCompute.Client
    /// reads it. The dashboard links to the emulator's page.
    /// </summary>
    /// <remarks>
    /// The emulator is the .NET tool <c>AssetCompute.Emulator.Tool</c>, in the version of this package. To use another version, call <c>WithToolVersion</c> and
    /// <c>WithToolSource</c>. The emulator is for development and tests, so it is not part of the manifest.
    /// </remarks>
    /// <param name="builder">The app host.</param>
    /// <param name="name">The name of the resource and of the connection string.</param>
    /// <param name="port">The port of the emulator. Default: any free port.</param>
    /// <returns>The resource, for chaining.</returns>
    /// <exception cref="ArgumentException"><paramref name="builder"/> is null, or <paramref name="name"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="port"/> is not between 1 and 65,535.</exception>
    public static IResourceBuilder<AssetComputeEmulatorResource> AddAssetComputeEmulator(this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (port is < 1 or > 65_535)
        {
            throw new ArgumentOutOfRangeException(nameof(port), port, "The port must be 1 to 65,535.");
        }

        AssetComputeEmulatorResource resource = new(name);
        return builder.AddDotnetTool(resource)
            .WithToolVersion(Version)
            .WithHttpEndpoint(port, name: AssetComputeEmulatorResource.HttpEndpointName)
            .WithArgs(context =>
            {
                context.Args.Add("--port");
                context.Args.Add(resource.Endpoint.Property(EndpointProperty.TargetPort));
                foreach (string host in s_containerHosts)
                {
                    context.Args.Add("--allow-host");
                    context.Args.Add(host);
                }
            })
            .WithHttpHealthCheck("/emulator/faults", endpointName: AssetComputeEmulatorResource.HttpEndpointName)
            .WithUrlForEndpoint(AssetComputeEmulatorResource.HttpEndpointName, static url => url.DisplayText = "Emulator")
            .ExcludeFromManifest();
    }

    /// <summary>Keeps the state of the emulator in a folder, so that it survives a restart. Without a folder, everything is in memory.</summary>
    /// <param name="builder">The emulator.</param>
    /// <param name="path">The folder, absolute or relative to the app host's directory. It is created if it does not exist.</param>
    /// <returns>The resource, for chaining.</returns>
    /// <exception cref="ArgumentException"><paramref name="builder"/> is null, or <paramref name="path"/> is empty.</exception>
    public static IResourceBuilder<AssetComputeEmulatorResource> WithDataFolder(this IResourceBuilder<AssetComputeEmulatorResource> builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return builder.WithArgs("--data", Path.GetFullPath(path, builder.ApplicationBuilder.AppHostDirectory));
    }

    private static string Version =>
        typeof(AssetComputeEmulatorResource).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
