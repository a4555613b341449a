using AssetCompute.Client;
using AssetCompute.Emulator;
using OpenTelemetry.Metrics;
using WebApi;

WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

// Without a connection string (Aspire passes one on) and without settings of an account, an emulator serves in this process.
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

// With an account of Adobe's: the storage on Amazon S3 or Azure Blobs, of the packages of these names.
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
