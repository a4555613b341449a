using System.Diagnostics;
using AssetCompute.Client.Diagnostics;
using AssetCompute.Client.Serialization;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Journal;

/// <summary>Metrics and log messages of a reading.</summary>
internal sealed class JournalTelemetry(string account, ILogger logger, TimeProvider timeProvider)
{
    private readonly string _shownAccount = ClientLog.NameOf(account);
    private readonly TagList _account = TelemetryTags.Of(account);

    public void Delivered(List<JournalEntry> entries)
    {
        ClientDiagnostics.JournalEvents.Add(entries.Count, _account);

        // The last event represents the lag of all events of the page. Parsing it takes time.
        if (ClientDiagnostics.JournalLag.Enabled && DateOf(entries[entries.Count - 1].Event) is { } date)
        {
            ClientDiagnostics.JournalLag.Record((timeProvider.GetUtcNow() - date).TotalSeconds, _account);
        }
    }

    public void Moved() => JournalLog.Moved(logger, _shownAccount);

    public void Noted(JournalNotice notice)
    {
        switch (notice)
        {
            case JournalRetrying retrying:
                ClientDiagnostics.JournalFailures.Add(1, _account);
                JournalLog.Retrying(logger, _shownAccount, retrying.Failures, retrying.Exception.Message, retrying.Delay);
                break;
            case JournalGap gap:
                ClientDiagnostics.JournalGaps.Add(1, _account);
                JournalLog.Gap(logger, _shownAccount, gap.Expired.ToString(), gap.Position.ToString());
                break;
            case JournalEventSkipped skipped:
                ClientDiagnostics.JournalSkipped.Add(1, _account);
                JournalLog.Skipped(logger, _shownAccount, skipped.Entry.Position.ToString(), skipped.Reason);
                break;
            default:
                JournalLog.CaughtUp(logger, _shownAccount);
                break;
        }
    }

    private static DateTimeOffset? DateOf(AdobeEvent adobeEvent) => adobeEvent switch
    {
        RenditionEvent rendition => rendition.Date,
        AemAssetEvent asset => asset.Date,
        UnknownEvent unknown => AemAssetEventReader.DateOf(unknown.Json),
        _ => null,
    };
}
