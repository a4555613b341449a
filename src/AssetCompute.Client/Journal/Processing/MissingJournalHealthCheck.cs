using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AssetCompute.Client.Journal;

/// <summary>Reports a check for a name that is not registered. An exception from a factory would end the run of all health checks without a report.</summary>
internal sealed class MissingJournalHealthCheck : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(new HealthCheckResult(
        context.Registration.FailureStatus,
        $"There is no journal processor, relay or inbox reader named '{context.Registration.Name}': register it with AddJournalProcessor, AddJournalBatchProcessor, AddJournalRelay or AddJournalInbox."));
}
