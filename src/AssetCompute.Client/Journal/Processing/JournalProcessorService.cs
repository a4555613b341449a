using Microsoft.Extensions.Hosting;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Runs a processor for as long as its host runs. A processor that fails ends the host, unless the host is told otherwise, and the process with the
/// exit code 1.
/// </summary>
internal sealed class JournalProcessorService(Func<JournalProcessor> create) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using JournalProcessor processor = create();
        try
        {
            await processor.RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch when (Environment.ExitCode == 0)
        {
            // The host stops for a service that fails, and its program would end as if all were well: no supervisor would start it again.
            Environment.ExitCode = 1;
            throw;
        }
    }
}
