using AssetCompute.Client;
using AssetCompute.Emulator;
using OpenTelemetry.Metrics;
using WebApi;

WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

// Without a connection string (such as from Aspire) or account settings, an emulator runs in this process.
bool hasAccount = builder.Configuration.GetConnectionString("assets") is not null || builder.Configuration.GetSection("AssetCompute").Exists();
await using AssetComputeEmulator? emulator = hasAccount ? null : await AssetComputeEmulator.StartAsync(options => options.Journal.RetryAfter = TimeSpan.Zero);
IAssetComputeBuilder assetCompute = emulator is null
    ? builder.AddAssetComputeClient("assets")
    : builder.Services.AddAssetCompute(options =>
    {
        options.UseEmulator(emulator.Endpoint);
        options.Journal.PollInterval = TimeSpan.FromMilliseconds(100);
        options.Journal.MaxPollInterval = TimeSpan.FromMilliseconds(500);
    });

// With a real account, use the storage for Amazon S3 or Azure Blobs, from the package with that name.
assetCompute.AddEmulatorStorage();
builder.Services.AddHealthChecks().AddAssetCompute();
builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("AssetCompute.Client").AddPrometheusExporter());
builder.Services.AddSingleton<PhotographJobs>();
builder.Services.AddHostedService<PhotographWorker>();
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, WebApiJson.Default));

await using WebApplication app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapHealthChecks("/health");
app.MapPrometheusScrapingEndpoint(); // /metrics
app.MapPhotographs();
await app.RunAsync();
