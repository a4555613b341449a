using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AssetCompute.Client.Inbox;

/// <summary>Reports whether the inbox answers, and how many events it has.</summary>
internal sealed class InboxHealthCheck(IEventInbox inbox) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            InboxCounts counts = await inbox.CountAsync(cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy("The inbox answers.", new Dictionary<string, object>
            {
                ["waiting"] = counts.Waiting,
                ["taken"] = counts.Taken,
                ["completed"] = counts.Completed,
                ["deadLetters"] = counts.DeadLetters,
            });
        }
        catch (InboxException exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception);
        }
    }
}
