using Microsoft.Extensions.Hosting;

namespace AssetCompute.Client.Journal;

/// <summary>Runs a processor for as long as its host runs. A processor that fails ends the host, unless the host is told otherwise.</summary>
internal sealed class JournalProcessorService(Func<JournalProcessor> create) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using JournalProcessor processor = create();
        await processor.RunAsync(stoppingToken).ConfigureAwait(false);
    }
}
