using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AssetCompute.Client.Journal;

/// <summary>Reports whether a processor reads its journal, and how far behind it is.</summary>
internal sealed class JournalProcessorHealthCheck(JournalState<JournalProcessorSnapshot> state, JournalProcessorOptions options, TimeProvider timeProvider) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        JournalProcessorSnapshot snapshot = state.Snapshot;
        DateTimeOffset now = timeProvider.GetUtcNow();
        DateTimeOffset? oldestOpen = state.OldestOpen();
        Dictionary<string, object> data = new()
        {
            ["lag"] = snapshot.LagAt(now, oldestOpen).ToString("c", CultureInfo.InvariantCulture),
            ["lastRead"] = Text(snapshot.LastRead),
            ["lastHandled"] = Text(snapshot.LastHandled),
            ["committed"] = snapshot.Committed?.ToString() ?? "",
        };

        // A read waits while handlers are busy, so the later of the two counts.
        DateTimeOffset? good = snapshot.LastHandled > snapshot.LastRead ? snapshot.LastHandled : snapshot.LastRead ?? snapshot.StartedAt;
        return Task.FromResult(
            snapshot.Failure is { } failure ? new HealthCheckResult(context.Registration.FailureStatus, "The journal processor has ended.", failure, data)
            : good is null ? new HealthCheckResult(context.Registration.FailureStatus, "The journal processor has not started.", data: data)
            : now - oldestOpen > options.StalledAfter ? new HealthCheckResult(context.Registration.FailureStatus, $"An entry has been with the handler since {Text(oldestOpen)}.", data: data)
            : now - good > options.StalledAfter ? new HealthCheckResult(context.Registration.FailureStatus, $"The journal was last read well at {Text(good)}.", data: data)
            : HealthCheckResult.Healthy("The journal is being read.", data));
    }

    private static string Text(DateTimeOffset? time) => time?.ToString("O", CultureInfo.InvariantCulture) ?? "";
}
