using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Runs as long as its host. A failure ends the host, and gives the process an exit code other than 0, so that a supervisor restarts it.</summary>
internal sealed class InboxService(Func<CancellationToken, Task> run) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await run(stoppingToken).ConfigureAwait(false);
        }
        catch when (Environment.ExitCode == 0)
        {
            Environment.ExitCode = 1;
            throw;
        }
    }
}
