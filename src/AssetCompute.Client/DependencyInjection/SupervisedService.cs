using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// A background service whose failure a supervisor notices: it stops the host, as the host's settings say, and the process exits with code 1 unless another code is set.
/// </summary>
internal sealed class SupervisedService(Func<CancellationToken, Task> run) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await run(stoppingToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (Environment.ExitCode == 0 && !(exception is OperationCanceledException && stoppingToken.IsCancellationRequested))
        {
            // The host stops for a service that fails, and would exit with code 0: no supervisor would restart it.
            Environment.ExitCode = 1;
            throw;
        }
    }
}
