using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Storage;

/// <summary>Removes from the storage what a run has left there, and says what it could not.</summary>
internal sealed class RenderCleanup(IAssetStorage storage, RenderOptions options, ILogger logger, TimeProvider timeProvider)
{
    private readonly List<string> _leftBehind = [];

    /// <summary>What could not be removed, by name.</summary>
    public IReadOnlyList<string> LeftBehind => _leftBehind;

    /// <param name="sourceName">The name of the source; null where it was not uploaded.</param>
    /// <param name="slots">The renditions with their targets.</param>
    public async Task RunAsync(string? sourceName, IReadOnlyList<RenderSlot> slots)
    {
        using CancellationTokenSource timeout = timeProvider.CreateCancellationTokenSource(options.CleanupTimeout);
        List<Task> removals = [];
        if (sourceName is not null && !options.KeepInStorage)
        {
            removals.Add(RemoveAsync(sourceName, token => storage.DeleteAsync(sourceName, token), timeout.Token));
        }

        foreach (RenderSlot slot in slots)
        {
            foreach (StorageTarget target in slot.Targets)
            {
                if (!slot.IsCompleting || !ReferenceEquals(target, slot.Target))
                {
                    removals.Add(RemoveAsync(target.Name, target.AbortAsync, timeout.Token));
                }
                else if (!slot.IsStored)
                {
                    removals.Add(RemoveAsync(target.Name, token => RemoveUnfinishedAsync(target, token), timeout.Token));
                }
                else if (!options.KeepInStorage)
                {
                    removals.Add(RemoveAsync(target.Name, token => storage.DeleteAsync(target.Name, token), timeout.Token));
                }
            }
        }

        await Task.WhenAll(removals).ConfigureAwait(false);
    }

    /// <summary>Its completion was begun and did not succeed: by then there may be an object, or parts of one, or both.</summary>
    private async Task RemoveUnfinishedAsync(StorageTarget target, CancellationToken cancellationToken)
    {
        try
        {
            await target.AbortAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await storage.DeleteAsync(target.Name, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RemoveAsync(string name, Func<CancellationToken, Task> remove, CancellationToken cancellationToken)
    {
        try
        {
            await remove(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Why the call ends, with a result or an exception, must not be hidden by this.
            RenderLog.LeftBehind(logger, name, exception);
            lock (_leftBehind)
            {
                _leftBehind.Add(name);
            }
        }
    }
}
