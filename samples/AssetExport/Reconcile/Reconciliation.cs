using System.Collections.Concurrent;

namespace AssetExport;

/// <summary>Compares the published assets in AEM with the ledger and the destinations.</summary>
internal sealed class Reconciliation(AemAuthor author, ExportLedger ledger, DestinationDirectory destinations, ExportRules rules)
{
    private const int MaxParallelism = 8;

    /// <param name="repair">Whether what is missing, different or failed is exported again. Content that changed after it was published may not be public yet.</param>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is not below <c>/content/dam</c>.</exception>
    /// <exception cref="AemException">AEM refused the call or is unreachable, or the folder does not exist.</exception>
    public async Task<ReconciliationResult> RunAsync(string folder, bool repair, CancellationToken cancellationToken)
    {
        folder = folder.TrimEnd('/');
        if (!AssetPath.IsFolder(folder))
        {
            throw new ArgumentException($"The folder must be {AssetPath.Root} or a folder below it.", nameof(folder));
        }

        // One export per asset and destination, and one content per asset: the one that changed last.
        Dictionary<(string Path, string Destination), ExportEntry> entries = [];
        Dictionary<string, string?> published = [];
        foreach (ExportEntry entry in await ledger.ReadBelowAsync(folder, cancellationToken))
        {
            published[entry.Path] = entry.Sha1;
            entries[(entry.Path, entry.Destination)] = entry;
        }

        ConcurrentBag<ReconciliationFinding> findings = [];
        ConcurrentDictionary<(string Path, string Destination), bool> wanted = new();
        int matching = 0;
        int pending = 0;
        int unknown = 0;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = MaxParallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(author.ListAsync(folder, cancellationToken), parallel, async (asset, token) =>
        {
            if (asset.IsPublished is null && !published.ContainsKey(asset.Path))
            {
                Interlocked.Increment(ref unknown);
                return;
            }

            long lastPlan = await ledger.LastPlanAsync(token);
            if (asset.IsPublished == false || await author.GetMetadataAsync(asset.Path, token) is not { } metadata)
            {
                return;
            }

            foreach (string name in rules.Decide(asset.Path, metadata).Destinations)
            {
                wanted[(asset.Path, name)] = true;
                ExportEntry? entry = entries.GetValueOrDefault((asset.Path, name));
                if (entry?.State is ExportState.Scheduled or ExportState.Waiting or ExportState.Exporting)
                {
                    Interlocked.Increment(ref pending);
                }
                else if (await CompareAsync(asset.Path, name, metadata, entry, published.GetValueOrDefault(asset.Path), token) is var (kind, detail))
                {
                    findings.Add(new ReconciliationFinding(kind, asset.Path, name, detail, repair && kind != FindingKind.Changed && await RepairAsync(asset.Path, name, metadata, lastPlan, entry, token)));
                }
                else
                {
                    Interlocked.Increment(ref matching);
                }
            }
        });

        foreach (ExportEntry entry in entries.Values.Where(entry => entry.State == ExportState.Exported && !wanted.ContainsKey((entry.Path, entry.Destination))))
        {
            findings.Add(new ReconciliationFinding(FindingKind.Extra, entry.Path, entry.Destination, $"{entry.Location}, exported at {entry.ExportedAt:u}", IsRepaired: false));
        }

        return new ReconciliationResult([.. findings.OrderBy(static finding => finding.Path, StringComparer.Ordinal).ThenBy(static finding => finding.Destination, StringComparer.Ordinal)], matching, pending, unknown);
    }

    private async Task<(FindingKind Kind, string Detail)?> CompareAsync(string path, string name, AssetMetadata metadata, ExportEntry? entry, string? published, CancellationToken cancellationToken)
    {
        ExportDestination? destination = destinations.Find(name);
        (string? file, string? wrong) = entry is { Name.Length: > 0 } ? (entry.Name, null) : destination?.NameOf(path, metadata.Sha1, metadata) ?? (null, null);
        (FindingKind, string)? known =
            destination is null ? (FindingKind.Failed, $"There is no destination '{name}' in the settings.")
            : published is not null && metadata.Sha1 is { } changed && changed != published
                ? (FindingKind.Changed, $"The content with the SHA-1 {published} was published; AEM has {changed}. If that content is meant for the public, publish it.")
            : entry?.State == ExportState.Failed ? (FindingKind.Failed, entry.Reason ?? "No reason is known.")
            : file is null ? (FindingKind.Failed, wrong!)
            : null;
        if (known is not null)
        {
            return known;
        }

        foreach (string item in destination!.FilesOf(file!))
        {
            StoredExport? stored = await destination.Target.FindAsync(item, cancellationToken);
            if (stored is null)
            {
                return (FindingKind.Missing, $"'{item}' does not exist.");
            }

            if (item == file && stored.Size is { } size && metadata.Size is { } expected && size != expected)
            {
                return (FindingKind.Different, $"'{item}' has {size} bytes, and {expected} in AEM.");
            }
        }

        return entry?.Sha1 is { } exported && metadata.Sha1 is { } sha1 && exported != sha1 ? (FindingKind.Different, $"The content with the SHA-1 {exported} was exported; AEM has {sha1}.") : null;
    }

    private async Task<bool> RepairAsync(string path, string name, AssetMetadata metadata, long lastPlan, ExportEntry? entry, CancellationToken cancellationToken)
    {
        if (destinations.Find(name)?.NameOf(path, metadata.Sha1, metadata).Name is not { } file)
        {
            // As described in the finding.
            return false;
        }

        AssetVersion asset = new(path, metadata.Sha1 ?? entry?.Version ?? "reconciled", metadata.Size, metadata.Sha1);
        await ledger.PlanAsync(asset, [new PlannedExport(name, ExportState.Waiting, Name: file, Why: "a comparison with AEM found it")], lastPlan, cancellationToken);
        await ledger.RepeatAsync(ExportLedger.IdOf(path, asset.Version, name), cancellationToken);
        return true;
    }
}
