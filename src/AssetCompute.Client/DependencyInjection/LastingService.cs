using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Does one thing for as long as its host runs. Where that ends with a failure, it ends the host, unless the host is told otherwise, and the process with an exit code other than 0: 1,
/// where the host has none of its own.
/// </summary>
internal sealed class LastingService(Func<CancellationToken, Task> run) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await run(stoppingToken).ConfigureAwait(false);
        }
        catch when (Environment.ExitCode == 0)
        {
            // The host stops for a service that fails, and its program would end as if all were well: no supervisor would start it again.
            Environment.ExitCode = 1;
            throw;
        }
    }
}
