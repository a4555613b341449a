using System.Text.Json;
using AssetCompute.Client.Diagnostics;
using AssetCompute.Client.Serialization;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Journal;

/// <summary>Counts and logs what a reading does.</summary>
internal sealed class JournalTelemetry(string account, ILogger logger, TimeProvider timeProvider)
{
    private readonly string _shownAccount = AccountName.Shown(account);
    private readonly KeyValuePair<string, object?> _account = new(TelemetryTags.Account, account);

    public void Delivered(JournalChunk chunk)
    {
        if (ClientDiagnostics.JournalEvents.Enabled)
        {
            ClientDiagnostics.JournalEvents.Add(chunk.Slices.Length, _account);
        }

        // One event tells the lag of all that came with it: the last.
        if (ClientDiagnostics.JournalLag.Enabled && DateOf(chunk, chunk.Slices[chunk.Slices.Length - 1]) is { } date)
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
            case JournalTokenRenewed:
                JournalLog.TokenRenewed(logger, _shownAccount);
                break;
            default:
                JournalLog.CaughtUp(logger, _shownAccount);
                break;
        }
    }

    private static DateTimeOffset? DateOf(JournalChunk chunk, in JournalSlice slice) =>
        EventParser.Parse(chunk.Buffer.AsMemory(slice.EventStart, slice.EventLength)) switch
        {
            RenditionEvent rendition => rendition.Date,
            AemAssetEvent asset => asset.Date,
            UnknownEvent { Json: { ValueKind: JsonValueKind.Object } json } when json.TryGetProperty("time", out JsonElement time)
                && time.ValueKind == JsonValueKind.String && time.TryGetDateTimeOffset(out DateTimeOffset date) => date,
            _ => null,
        };
}
