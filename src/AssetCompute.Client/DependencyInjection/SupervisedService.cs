using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// A background service whose failure is visible to a supervisor. The failure stops the host, depending on the host's settings, and the process exits with
/// code 1 unless another code is set.
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
            // The host stops if a service fails, and would exit with code 0: a supervisor would not restart it.
            Environment.ExitCode = 1;
            throw;
        }
    }
}
