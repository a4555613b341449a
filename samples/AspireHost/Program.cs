IDistributedApplicationBuilder builder = DistributedApplication.CreateBuilder(args);

IResourceBuilder<AssetComputeEmulatorResource> assets = builder.AddAssetComputeEmulator("assets");
builder.AddProject<Projects.WebApi>("web").WithHttpEndpoint().WithHttpHealthCheck("/health").WithReference(assets).WaitFor(assets);

// In a clone, the emulator package is not published and comes from a folder. README.md has the command.
if (builder.Configuration["EmulatorPackages"] is { } packages)
{
    assets.WithToolSource(packages).WithToolIgnoreExistingFeeds();
}

if (builder.Configuration["EmulatorVersion"] is { } version)
{
    assets.WithToolVersion(version);
}

await builder.Build().RunAsync();
