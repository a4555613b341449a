using AssetCompute.Client;
using AssetCompute.Emulator;
using WebApi;

WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
IConfigurationSection settings = builder.Configuration.GetSection("AssetCompute");

// Without settings of an account an emulator serves, in this very process.
await using AssetComputeEmulator? emulator = settings.Exists() ? null : await AssetComputeEmulator.StartAsync(options => options.Journal.RetryAfter = TimeSpan.Zero);
IAssetComputeBuilder assetCompute = emulator is null
    ? builder.Services.AddAssetCompute(settings)
    : builder.Services.AddAssetCompute(options =>
    {
        options.UseEmulator(emulator.Endpoint);
        options.Journal.PollInterval = TimeSpan.FromMilliseconds(100);
        options.Journal.MaxPollInterval = TimeSpan.FromMilliseconds(500);
    });

// With an account of Adobe's: the storage on Amazon S3 or Azure Blobs, of the packages of these names.
assetCompute.AddEmulatorStorage();
builder.Services.AddSingleton<PhotographJobs>();
builder.Services.AddHostedService<PhotographWorker>();
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, WebApiJson.Default));

await using WebApplication app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapPhotographs();
await app.RunAsync();
