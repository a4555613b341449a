using AssetCompute.Client;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddAssetCompute(options => options.UseEmulator(new Uri("http://127.0.0.1:8080")));
await using WebApplication app = builder.Build();
app.MapGet("/", async (IRenditionJobs jobs, CancellationToken cancellationToken) =>
{
    RenditionJobResult result = await jobs.RunAsync(
        new ProcessRequest
        {
            Source = new Uri(args[0]),
            Renditions = [new Rendition { Name = "small.jpg", Format = "jpg", Width = 640, Target = new Uri(args[1]) }],
        },
        cancellationToken: cancellationToken);
    return result.Renditions[0].ToString();
});
await app.StartAsync();
using HttpClient http = new();
Console.WriteLine(await http.GetStringAsync(new Uri(app.Urls.First())));
