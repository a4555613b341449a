using AssetCompute.Client;
using AssetCompute.Client.Inbox;
using Microsoft.Extensions.Caching.Memory;

namespace AssetExport;

/// <summary>Plans the exports of a published asset from its current metadata, and adds them to the ledger.</summary>
internal sealed class PublishedAssetHandler(
    AemAuthor author, ExportLedger ledger, DestinationDirectory destinations, ExportRules rules, IMemoryCache refusals, ExportOptions options, ILogger<PublishedAssetHandler> logger) : IInboxHandler
{
    /// <summary>The number of attempts before an event fails while AEM is busy. With the delays below, they take a week.</summary>
    public const int MaxAttempts = 1_000;

    /// <summary>The maximum delay between two attempts.</summary>
    public static readonly TimeSpan MaxBusyDelay = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan s_longestRetryAfter = TimeSpan.FromHours(1);

    public async ValueTask HandleAsync(InboxDelivery delivery, CancellationToken cancellationToken)
    {
        // Assets on the preview tier are not public yet.
        if (delivery.Event is not AemAssetPublished published || published.Tier is not (null or "publish"))
        {
            return;
        }

        if (published.Path is not { } path || !AssetPath.IsAsset(path))
        {
            throw new InboxRejectException($"'{published.Path}' is not the path of an asset below {AssetPath.Root}.");
        }

        long lastPlan = await ledger.LastPlanAsync(cancellationToken);
        AssetMetadata? metadata = await AskAsync(delivery, path, cancellationToken);
        string? sha1 = published.Sha1?.ToLowerInvariant();
        string? misfit = metadata is null ? PlanReasons.Gone : sha1 is not null && metadata.Sha1 is not null && sha1 != metadata.Sha1 ? PlanReasons.Changed : null;
        if (misfit is not null && CountRefusal(delivery.Id) is int count && count < options.MaxAttempts)
        {
            // An AEM instance that is starting, or a node that is behind the others, may return this too, so the answer counts only if it is repeated.
            throw new InboxRetryException(options.DelayAfter(count), misfit);
        }

        // The published content, if the event identifies it; otherwise the current content in AEM.
        AssetVersion asset = new(path, sha1 ?? metadata?.Sha1 ?? published.Date?.UtcDateTime.ToString("O") ?? delivery.Id, metadata?.Size, sha1 ?? metadata?.Sha1);
        ExportDecision? decision = metadata is null ? null : rules.Decide(path, metadata);
        IReadOnlyList<PlannedExport> exports = misfit is not null ? [new("", ExportState.Skipped, misfit)] : Plan(asset, metadata!, decision!);
        await ledger.LeaveOutAsync(path, decision?.Destinations ?? [], metadata is null ? PlanReasons.Gone : PlanReasons.NotNamed, lastPlan, cancellationToken);
        await ledger.PlanAsync(asset, exports, lastPlan, cancellationToken);
        refusals.Remove(delivery.Id);
        foreach (PlannedExport export in exports)
        {
            ExportLog.Decided(logger, path, export.Destination.Length == 0 ? export.Reason! : $"'{export.Destination}', {export.State}");
        }
    }

    private async Task<AssetMetadata?> AskAsync(InboxDelivery delivery, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await author.GetMetadataAsync(path, cancellationToken);
        }
        catch (AemException exception) when (exception is { IsBusy: true, RetryAfter: { } wait })
        {
            // A short delay that AEM requests repeatedly must not use up the attempts.
            TimeSpan delay = Backoff.Delay(TimeSpan.FromSeconds(1), MaxBusyDelay, delivery.Attempt, wait < s_longestRetryAfter ? wait : s_longestRetryAfter);
            throw new InboxRetryException(delay, exception.Message, exception);
        }
        catch (AemException exception) when (!exception.IsBusy)
        {
            int count = CountRefusal(delivery.Id);
            if (count < options.MaxAttempts)
            {
                throw new InboxRetryException(options.DelayAfter(count), exception.Message, exception);
            }

            refusals.Remove(delivery.Id);
            throw new InboxRejectException(exception.Message, exception);
        }
    }

    /// <summary>Counts how often AEM has refused an event. The inbox also counts attempts while AEM was only busy, and after those the first refusal must not be the last.</summary>
    private int CountRefusal(string id) => refusals.Set(id, refusals.Get<int>(id) + 1, new MemoryCacheEntryOptions { Size = 1 });

    private IReadOnlyList<PlannedExport> Plan(AssetVersion asset, AssetMetadata metadata, ExportDecision decision) =>
        decision.Destinations.Count == 0
            ? [new("", ExportState.Skipped, "The metadata names no destination.", Why: decision.Why)]
            : [.. decision.Destinations.Select(name => Plan(asset, metadata, name, decision))];

    /// <summary>Plans an export. A permanent error is reported immediately.</summary>
    private PlannedExport Plan(AssetVersion asset, AssetMetadata metadata, string name, ExportDecision decision)
    {
        if (destinations.Find(name) is not { } destination)
        {
            return new PlannedExport(name, ExportState.Failed, $"There is no destination '{name}' in the settings.", Why: decision.Why);
        }

        (string? file, string? wrong) = destination.NameOf(asset.Path, asset.Sha1, metadata);
        return new PlannedExport(name, wrong is not null ? ExportState.Failed : decision.IsImmediate ? ExportState.Waiting : ExportState.Scheduled, wrong, file, decision.Why);
    }
}
