using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AssetCompute.Client.Journal;

/// <summary>Reports whether this process or another relays the journal.</summary>
internal sealed class JournalRelayHealthCheck(JournalState<JournalRelaySnapshot> state, JournalRelayOptions options, TimeProvider timeProvider) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        JournalRelaySnapshot snapshot = state.Snapshot;
        HealthStatus failed = context.Registration.FailureStatus;
        string lastGood = snapshot.LastGood?.ToString("O", CultureInfo.InvariantCulture) ?? "";
        Dictionary<string, object> data = new()
        {
            ["reader"] = snapshot.IsReader,
            ["lastGood"] = lastGood,
            ["stored"] = snapshot.Stored?.ToString() ?? "",
        };
        return Task.FromResult(
            snapshot.HasEnded ? new HealthCheckResult(failed, "Reading the journal has ended.", snapshot.LastFailure, data)
            : snapshot.LastGood is not { } good ? new HealthCheckResult(failed, "The journal has not been read yet.", snapshot.LastFailure, data)
            : timeProvider.GetUtcNow() - good > options.StalledAfter ? new HealthCheckResult(failed, $"The journal was last read well at {lastGood}.", snapshot.LastFailure, data)
            : HealthCheckResult.Healthy(
                snapshot.IsReader ? "The journal is being read."
                : FormattableString.Invariant($"Another process holds the lease of the journal, or one that died: its lease ends {options.LeaseDuration.TotalSeconds:0.###} s after its last word."), data));
    }
}
