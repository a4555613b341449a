using System.Globalization;

namespace AssetCompute.Client.Storage;

/// <summary>A target of the emulator's storage: its parts are blobs, joined when it is completed.</summary>
internal sealed class EmulatorTarget(EmulatorAssetStorage storage, string name, string[] parts, RenditionTarget target, string? contentType) : StorageTarget(storage, name, target)
{
    public const int MaxParts = 1_000;

    /// <summary>The names of the parts, new for each target, so that what comes late to an older one is not taken for this one's.</summary>
    public static string[] PartsOf(string name, int count)
    {
        string target = Guid.NewGuid().ToString("N");
        return [.. Enumerable.Range(0, count).Select(part => string.Format(CultureInfo.InvariantCulture, "{0}.parts/{1}/{2:D6}", name, target, part))];
    }

    protected override async Task CommitAsync(RenditionCreated created, CancellationToken cancellationToken)
    {
        long size = await storage.JoinAsync(Name, parts, contentType, cancellationToken).ConfigureAwait(false);
        if (size == 0)
        {
            // Joined by an earlier call whose answer was lost, or never written.
            using StoredAsset stored = await storage.OpenReadAsync(Name, cancellationToken).ConfigureAwait(false);
            size = stored.Length;
        }

        CheckSize(created, size);
    }

    protected override Task DiscardAsync(CancellationToken cancellationToken) => storage.DeleteAsync(Name, parts, cancellationToken);
}
