using Microsoft.Extensions.Hosting;

namespace AssetCompute.Client.Inbox;

/// <summary>Runs the workers of an inbox for as long as their host runs.</summary>
internal sealed class InboxWorkersService(Func<InboxWorkers> create) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => create().RunAsync(stoppingToken);
}
