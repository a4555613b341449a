using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AssetCompute.Client.Journal;

/// <summary>Reports whether a processor or a relay reads its journal, and how far behind it is.</summary>
internal sealed class JournalHealthCheck(JournalState state, JournalConsumerOptions options, TimeProvider timeProvider) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        JournalSnapshot snapshot = state.Snapshot;
        DateTimeOffset now = timeProvider.GetUtcNow();
        TimeSpan? lag = now - (snapshot.OldestOpen ?? (snapshot.IsBehind ? snapshot.LastGood : null));
        Dictionary<string, object> data = new()
        {
            ["reader"] = snapshot.IsReader,
            ["lag"] = (lag ?? TimeSpan.Zero).ToString("c", CultureInfo.InvariantCulture),
            ["lastGood"] = Text(snapshot.LastGood),
            ["stored"] = snapshot.Stored?.ToString() ?? "",
        };
        string? problem =
            snapshot.HasEnded ? "Reading the journal has ended."
            : snapshot.LastGood is not { } good ? "The journal has not been read yet."
            : now - snapshot.OldestOpen > options.StalledAfter ? $"The handler has been working on an entry since {Text(snapshot.OldestOpen)}."
            : now - good > options.StalledAfter ? $"The journal was last read successfully at {Text(good)}."
            : null;
        return Task.FromResult(
            problem is not null ? new HealthCheckResult(context.Registration.FailureStatus, problem, snapshot.Failure, data)
            : HealthCheckResult.Healthy(snapshot.IsReader ? "The journal is being read." : "Another process holds the lease of the journal.", data));
    }

    private static string Text(DateTimeOffset? time) => time?.ToString("O", CultureInfo.InvariantCulture) ?? "";
}
