using Microsoft.Extensions.Hosting;

namespace AssetCompute.Client.Inbox;

/// <summary>Runs the workers of an inbox for as long as their host runs.</summary>
internal sealed class InboxWorkersService(Func<InboxWorkers> create) : BackgroundService
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
