using Microsoft.Extensions.Hosting;

namespace AssetCompute.Client.Inbox;

/// <summary>
/// Reads a journal into an inbox for as long as its host runs. One that ends for good ends the host, unless the host is told otherwise, and the process with the exit
/// code 1.
/// </summary>
internal sealed class JournalInboxService(Func<JournalInbox> create) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await create().RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch when (Environment.ExitCode == 0)
        {
            // The host stops for a service that fails, and its program would end as if all were well: no supervisor would start it again.
            Environment.ExitCode = 1;
            throw;
        }
    }
}
