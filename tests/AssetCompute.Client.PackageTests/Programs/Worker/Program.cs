using AssetCompute.Client;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services
    .AddAssetCompute(options => options.UseEmulator(new Uri("http://127.0.0.1:8080")))
    .AddJournalProcessor<OneEvent>("events");
using IHost host = builder.Build();
await host.StartAsync();
RenditionJobResult job = await host.Services.GetRequiredService<IRenditionJobs>().RunAsync(new ProcessRequest
{
    Source = new Uri(args[0]),
    Renditions = [new Rendition { Name = "small.jpg", Format = "jpg", Width = 640, Target = new Uri(args[1]) }],
});
Console.WriteLine(job);
await host.WaitForShutdownAsync();

internal sealed class OneEvent(IHostApplicationLifetime lifetime) : IJournalHandler
{
    public ValueTask HandleAsync(JournalEntry entry, CancellationToken cancellationToken)
    {
        Console.WriteLine(entry.Event);
        lifetime.StopApplication();
        return default;
    }
}
