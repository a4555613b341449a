namespace AssetExport;

/// <summary>The actions of an operator, on the page or with a command.</summary>
internal sealed class ExportActions(ExportLedger ledger, DestinationDirectory destinations)
{
    /// <returns>False if the export does not exist, is in progress or done, or its destination isn't in the settings.</returns>
    public async Task<bool> RetryAsync(string id, string by, CancellationToken cancellationToken)
    {
        if (await ledger.FindAsync(id, cancellationToken) is not { } export || destinations.Find(export.Destination) is not { } destination || !await ledger.RetryAsync(id, by, cancellationToken))
        {
            return false;
        }

        // The operator's action overrides the wait that the destination asked for.
        destination.Pause.Lift();
        return true;
    }

    /// <param name="name">The destination; null or empty for all destinations in the settings.</param>
    /// <returns>False if there are no failed exports.</returns>
    public async Task<bool> RetryFailedAsync(string? name, string by, CancellationToken cancellationToken)
    {
        bool isAny = false;
        foreach (ExportDestination destination in destinations.All.Where(destination => string.IsNullOrEmpty(name) || destination.Name == name))
        {
            if (await ledger.RetryFailedAsync(destination.Name, by, cancellationToken))
            {
                destination.Pause.Lift();
                isAny = true;
            }
        }

        return isAny;
    }

    /// <returns>False if the destination does not exist or is already paused.</returns>
    public async Task<bool> PauseAsync(string name, string by, CancellationToken cancellationToken) =>
        destinations.Find(name) is not null && await ledger.PauseAsync(name, by, cancellationToken);
}
