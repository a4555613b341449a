using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace AssetCompute.Client.Diagnostics;

/// <summary>The traces and metrics that the SDK reports to OpenTelemetry, both with the name <c>AssetCompute.Client</c>.</summary>
/// <remarks>docs/telemetry.md lists the instruments. Names, units and tags are part of the public API.</remarks>
internal static class ClientDiagnostics
{
    public const string Name = "AssetCompute.Client";

    private static readonly string? Version = typeof(ClientDiagnostics).Assembly.GetName().Version?.ToString(3);
    private static readonly Meter Meter = new(Name, Version);

    // Without advice, OpenTelemetry uses boundaries for milliseconds.
    private static readonly InstrumentAdvice<double> Waits = new() { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300] };
    private static readonly InstrumentAdvice<double> Ages = new() { HistogramBucketBoundaries = [0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21600, 86400] };

    public static ActivitySource Activities { get; } = new(Name, Version);

    /// <summary>One record for each call, with all its attempts and waits.</summary>
    public static Histogram<double> OperationDuration { get; } = Meter.CreateHistogram<double>(
        "asset_compute.client.operation.duration", "s", "How long a call took, with all its attempts and waits.", advice: Waits);

    /// <summary>One count for each request sent.</summary>
    public static Counter<long> Attempts { get; } = Meter.CreateCounter<long>(
        "asset_compute.client.attempts", "{request}", "Requests sent, including further attempts.");

    public static Counter<long> Throttled { get; } = Meter.CreateCounter<long>(
        "asset_compute.client.throttled", "{request}", "Requests that the service refused with 429.");

    public static Histogram<double> GateWait { get; } = Meter.CreateHistogram<double>(
        "asset_compute.client.gate.wait", "s", "How long a request waited for its turn; requests that don't have to wait are not recorded.", advice: Waits);

    public static Gauge<double> ThrottleRate { get; } = Meter.CreateGauge<double>(
        "asset_compute.client.throttle.rate", "{request}/s", "Maximum number of requests per second, recorded at each refusal once a limit is known.");

    public static Gauge<long> ThrottlePlaces { get; } = Meter.CreateGauge<long>(
        "asset_compute.client.throttle.places", "{request}", "Maximum number of requests in flight, recorded at each refusal.");

    public static Counter<long> TokenFetches { get; } = Meter.CreateCounter<long>(
        "asset_compute.client.token.fetches", "{request}", "Requests for an access token, by outcome.");

    public static Histogram<double> JournalLag { get; } = Meter.CreateHistogram<double>(
        "asset_compute.journal.lag", "s", "How old an event was when it was read.", advice: Ages);

    public static Counter<long> JournalEvents { get; } = Meter.CreateCounter<long>(
        "messaging.client.consumed.messages", "{message}", "Events read from the journal.");

    public static Counter<long> JournalGaps { get; } = Meter.CreateCounter<long>(
        "asset_compute.journal.gaps", "{gap}", "Positions that had expired, so that events were lost.");

    public static Counter<long> JournalSkipped { get; } = Meter.CreateCounter<long>(
        "asset_compute.journal.skipped", "{message}", "Events that were too large or nested too deeply to be handed out.");

    public static Counter<long> JournalFailures { get; } = Meter.CreateCounter<long>(
        "asset_compute.journal.failures", "{request}", "Reads of the journal that failed.");

    public static UpDownCounter<long> JobsInFlight { get; } = Meter.CreateUpDownCounter<long>(
        "asset_compute.jobs.in_flight", "{job}", "Jobs that wait for their events.");

    public static Histogram<double> JobDuration { get; } = Meter.CreateHistogram<double>(
        "asset_compute.job.duration", "s", "How long a job took, from the request to its last event.", advice: Ages);

    public static Counter<long> Renditions { get; } = Meter.CreateCounter<long>(
        "asset_compute.renditions", "{rendition}", "Renditions finished, by outcome and reason.");

    /// <summary>Starts a span below the current one, or a root span if the current one is not recorded.</summary>
    /// <param name="name">The name of the span.</param>
    /// <param name="cause">The span that caused this one without being its parent, for a link. Default: none.</param>
    /// <remarks>
    /// ASP.NET Core creates an activity for each request even without its instrumentation. No activity source creates it, so no sampler has decided on it,
    /// and a parent-based sampler would drop every span below it.
    /// </remarks>
    public static Activity? StartActivity(string name, ActivityContext cause = default)
    {
        Activity? current = Activity.Current;
        bool isRecordedByNobody = current is { Recorded: false, Source.Name: "" };
        ActivityContext linked = isRecordedByNobody ? current!.Context : cause;
        if (isRecordedByNobody)
        {
            Activity.Current = null;
        }

        Activity? activity = Activities.StartActivity(ActivityKind.Internal, links: linked == default ? null : [new ActivityLink(linked)], name: name);
        if (activity is null && isRecordedByNobody)
        {
            Activity.Current = current;
        }

        return activity;
    }
}
