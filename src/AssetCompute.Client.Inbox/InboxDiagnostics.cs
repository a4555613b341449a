using System.Diagnostics.Metrics;

namespace AssetCompute.Client.Inbox;

/// <summary>The metrics of an inbox, under the meter name of the client.</summary>
internal static class InboxDiagnostics
{
    public const string Outcome = "asset_compute.outcome";

    private static readonly Meter s_meter = new("AssetCompute.Client", typeof(InboxDiagnostics).Assembly.GetName().Version?.ToString(3));

    public static Counter<long> InboxHandled { get; } = s_meter.CreateCounter<long>(
        "asset_compute.inbox.handled", "{event}", "Events of the inbox that a worker has settled, by outcome.");

    public static Histogram<double> InboxAge { get; } = s_meter.CreateHistogram<double>(
        "asset_compute.inbox.age", "s", "How long an event had been in the inbox when a worker began with it.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21600, 86400] });

    public static Counter<long> InboxFailures { get; } = s_meter.CreateCounter<long>(
        "asset_compute.inbox.failures", "{call}", "Calls of the inbox that failed.");
}
