using System.Diagnostics;
using AssetCompute.Client.Diagnostics;

namespace AssetCompute.Client.Jobs;

/// <summary>Counts an account's jobs and the outcome of their renditions.</summary>
internal sealed class JobTelemetry(string account, TimeProvider timeProvider)
{
    // Custom workers have their own reasons, and each value of a tag is a time series.
    private static readonly HashSet<RenditionFailureReason> s_reasons =
    [
        RenditionFailureReason.GenericError, RenditionFailureReason.SourceCorrupt, RenditionFailureReason.SourceUnsupported,
        RenditionFailureReason.SourceFormatUnsupported, RenditionFailureReason.RenditionFormatUnsupported, RenditionFailureReason.RenditionTooLarge,
    ];

    private readonly TagList _account = TelemetryTags.Of(account);

    /// <summary>Starts the span of a job, the parent of the spans of its calls.</summary>
    public Activity? StartSpan(RenditionJob job) => ClientDiagnostics.StartActivity("Rendition job")?
        .SetTag(TelemetryTags.Account, _account.FirstOrDefault().Value)
        .SetTag(TelemetryTags.RequestId, job.RequestId)
        .SetTag(TelemetryTags.Renditions, job.Request.Renditions?.Count ?? 0);

    public static void EndSpan(Activity? span, RenditionJobResult result) => span?
        .SetTag(TelemetryTags.FailedRenditions, result.Renditions.Count(static rendition => rendition is RenditionFailed))
        .SetStatus(result.Succeeded ? ActivityStatusCode.Unset : ActivityStatusCode.Error);

    public static void EndSpan(Activity? span, Exception exception) => span?
        .SetTag(TelemetryTags.ErrorType, exception.GetType().FullName)
        .SetStatus(ActivityStatusCode.Error);

    /// <returns>The start time, for <see cref="Ended"/>.</returns>
    public long Begun()
    {
        ClientDiagnostics.JobsInFlight.Add(1, _account);
        return timeProvider.GetTimestamp();
    }

    public void Ended(long begun, bool complete)
    {
        ClientDiagnostics.JobsInFlight.Add(-1, _account);
        if (complete)
        {
            ClientDiagnostics.JobDuration.Record(timeProvider.GetElapsedTime(begun).TotalSeconds, _account);
        }
    }

    public void Finished(RenditionEvent rendition)
    {
        TagList tags = _account;
        RenditionFailed? failed = rendition as RenditionFailed;
        tags.Add(TelemetryTags.Outcome, failed is null ? "created" : "failed");
        if (failed is not null)
        {
            tags.Add(TelemetryTags.Reason, s_reasons.Contains(failed.Reason) ? failed.Reason.Value : TelemetryTags.Other);
        }

        ClientDiagnostics.Renditions.Add(1, tags);
    }
}
