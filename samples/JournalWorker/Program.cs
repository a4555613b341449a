using AssetCompute.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services
    .AddAssetCompute(builder.Configuration.GetSection("AssetCompute"))
    .AddJournalProcessor<PrintingHandler>("renditions", options =>
    {
        options.CommitCount = 100; // the most events that are repeated after a crash
        options.OnDeadLetter = (letter, _) =>
        {
            Console.Error.WriteLine($"Given up after {letter.Attempts} attempts: {letter.Entries[0]}: {letter.Exception.Message}");
            return default;
        };
    });
await builder.Build().RunAsync();

internal sealed class PrintingHandler : IJournalHandler
{
    public ValueTask HandleAsync(JournalEntry entry, CancellationToken cancellationToken)
    {
        Console.WriteLine(entry.Event switch
        {
            RenditionCreated created => $"created {created.Rendition.Name}: {created.Metadata.Size} bytes",
            RenditionFailed failed => $"failed {failed.Rendition.Name}: {failed.Reason}",
            AdobeEvent other => $"other {other.Type}",
        });
        return default;
    }
}
