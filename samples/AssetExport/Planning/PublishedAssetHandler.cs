using AssetCompute.Client;
using AssetCompute.Client.Inbox;

namespace AssetExport;

/// <summary>Decides what becomes of a published asset, by what its metadata say now, and writes it into the ledger.</summary>
internal sealed class PublishedAssetHandler(AemAuthor author, ExportLedger ledger, DestinationDirectory destinations, ExportOptions options, ILogger<PublishedAssetHandler> logger) : IInboxHandler
{
    public async ValueTask HandleAsync(InboxDelivery delivery, CancellationToken cancellationToken)
    {
        // What goes to the preview tier is not public yet.
        if (delivery.Event is not AemAssetPublished published || published.Tier is not (null or "publish"))
        {
            return;
        }

        if (published.Path is not { } path || !AssetPath.IsAsset(path))
        {
            throw new InboxRejectException($"'{published.Path}' is not the path of an asset below {AssetPath.Root}.");
        }

        DateTimeOffset asked = author.Clock.GetUtcNow();
        AssetMetadata? metadata;
        try
        {
            metadata = await author.GetMetadataAsync(path, cancellationToken);
        }
        catch (AemException exception) when (exception is { IsBusy: true, RetryAfter: { } wait })
        {
            throw new InboxRetryException(wait < TimeSpan.FromHours(1) ? wait : TimeSpan.FromHours(1), exception.Message, exception);
        }
        catch (AemException exception) when (!exception.IsBusy && delivery.Attempt >= options.MaxAttempts)
        {
            // The inbox's own bound is far higher: an AEM that is down for a day must not make dead letters of all that was published.
            throw new InboxRejectException(exception.Message, exception);
        }

        AssetVersion asset = new(path, metadata?.Sha1 ?? published.Sha1 ?? published.Date?.UtcDateTime.ToString("O") ?? delivery.Id, metadata?.Size, metadata?.Sha1);
        IReadOnlyList<PlannedExport> exports = Decide(published, metadata);
        await ledger.PlanAsync(asset, exports, asked, cancellationToken);
        foreach (PlannedExport export in exports)
        {
            ExportLog.Decided(logger, path, export.Destination.Length == 0 ? export.Reason! : $"'{export.Destination}', {export.State}");
        }
    }

    private IReadOnlyList<PlannedExport> Decide(AemAssetPublished published, AssetMetadata? metadata)
    {
        if (metadata is null)
        {
            return [new("", ExportState.Skipped, "The asset is not in AEM any more, or the account may not read it.")];
        }

        if (published.Sha1 is { } sha1 && metadata.Sha1 is not null && !sha1.Equals(metadata.Sha1, StringComparison.OrdinalIgnoreCase))
        {
            // What AEM has now may not be meant for the public yet: it is exported when its own event comes.
            return [new("", ExportState.Skipped, "The asset was changed in AEM since it was published. Its new content is exported when that is published.")];
        }

        return metadata.Destinations.Count == 0
            ? [new("", ExportState.Skipped, "The metadata name no destination.")]
            : [.. metadata.Destinations.Select(name =>
                destinations.Find(name) is null
                    ? new PlannedExport(name, ExportState.Failed, $"There is no destination '{name}' in the settings.")
                    : new PlannedExport(name, metadata.IsImmediate ? ExportState.Waiting : ExportState.Scheduled))];
    }
}
