using AssetCompute.Client.Diagnostics;

namespace AssetCompute.Client.Jobs;

/// <summary>Counts an account's jobs and what became of their renditions.</summary>
internal sealed class JobTelemetry(string account, TimeProvider timeProvider)
{
    private readonly KeyValuePair<string, object?> _account = new(TelemetryTags.Account, account);

    /// <returns>What <see cref="Ended"/> wants to know.</returns>
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
            ClientDiagnostics.Renditions.Add(1, _account, new(TelemetryTags.Outcome, "failed"), new(TelemetryTags.Reason, failed.Reason.Value));
        }
        else
        {
            ClientDiagnostics.Renditions.Add(1, _account, new KeyValuePair<string, object?>(TelemetryTags.Outcome, "created"));
        }
    }
}
