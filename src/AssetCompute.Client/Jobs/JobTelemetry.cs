using System.Diagnostics;
using AssetCompute.Client.Diagnostics;

namespace AssetCompute.Client.Jobs;

/// <summary>Counts an account's jobs and what became of their renditions.</summary>
internal sealed class JobTelemetry(string account, TimeProvider timeProvider)
{
    // The account without a name has no tag: an empty one would be a name of its own in a dashboard.
    private readonly KeyValuePair<string, object?>[] _account = account.Length == 0 ? [] : [new(TelemetryTags.Account, account)];

    // Custom workers have reasons of their own, and each value of a tag is a time series.
    private static readonly HashSet<RenditionFailureReason> s_reasons =
    [
        RenditionFailureReason.GenericError, RenditionFailureReason.SourceCorrupt, RenditionFailureReason.SourceUnsupported,
        RenditionFailureReason.SourceFormatUnsupported, RenditionFailureReason.RenditionFormatUnsupported, RenditionFailureReason.RenditionTooLarge,
    ];

    /// <summary>Starts the span of a job, the parent of the spans of its calls.</summary>
    public Activity? StartSpan(JobRun run)
    {
        Activity? span = ClientDiagnostics.StartActivity("Rendition job");
        if (span is { IsAllDataRequested: true })
        {
            if (account.Length > 0)
            {
                span.SetTag(TelemetryTags.Account, account);
            }

            span.SetTag(TelemetryTags.RequestId, run.RequestId);
            span.SetTag(TelemetryTags.Renditions, run.Request.Renditions?.Count ?? 0);
        }

        return span;
    }

    public static void EndSpan(Activity? span, RenditionJobResult result)
    {
        if (span is { IsAllDataRequested: true })
        {
            int failed = result.Renditions.Count(static rendition => rendition is RenditionFailed);
            span.SetTag(TelemetryTags.FailedRenditions, failed);
            if (!result.Succeeded)
            {
                span.SetStatus(ActivityStatusCode.Error);
            }
        }
    }

    public static void EndSpan(Activity? span, Exception exception)
    {
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag(TelemetryTags.ErrorType, exception.GetType().FullName);
            span.SetStatus(ActivityStatusCode.Error);
        }
    }

    /// <returns>The start, for <see cref="Ended"/>.</returns>
    public long Begun()
    {
        ClientDiagnostics.JobsInFlight.Add(1, _account);
        return timeProvider.GetTimestamp();
    }

    public void Ended(long begun, bool complete)
    {
        ClientDiagnostics.JobsInFlight.Add(-1, _account);
        if (complete && ClientDiagnostics.JobDuration.Enabled)
        {
            ClientDiagnostics.JobDuration.Record(timeProvider.GetElapsedTime(begun).TotalSeconds, _account);
        }
    }

    public void Finished(RenditionEvent rendition)
    {
        if (!ClientDiagnostics.Renditions.Enabled)
        {
            return;
        }

        if (rendition is RenditionFailed failed)
        {
            ClientDiagnostics.Renditions.Add(1, With(new(TelemetryTags.Outcome, "failed"), new(TelemetryTags.Reason, s_reasons.Contains(failed.Reason) ? failed.Reason.Value : TelemetryTags.Other)));
        }
        else
        {
            ClientDiagnostics.Renditions.Add(1, With(new KeyValuePair<string, object?>(TelemetryTags.Outcome, "created")));
        }
    }

    private KeyValuePair<string, object?>[] With(params KeyValuePair<string, object?>[] tags) => [.. _account, .. tags];
}
