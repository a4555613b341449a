namespace AssetExport;

/// <summary>
/// Where assets are exported to. One class and one line of registration add a kind of destination: <see cref="DestinationServiceCollectionExtensions.AddExportDestination"/>.
/// </summary>
/// <remarks>
/// To export each asset once, a destination keeps to two rules: a file has the name of its item, and it is there whole or not at all. An item that was written before, by a
/// process that died before it could record that, comes again, and so does an asset with new content. Calls for different assets run at the same time.
/// </remarks>
public interface IExportDestination
{
    /// <summary>Writes an item, and replaces what has its name.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancellationToken">Cancelled when the application stops, or another instance has taken the export over.</param>
    /// <returns>Where it is.</returns>
    /// <exception cref="DestinationBusyException">Tries it again later, and does not count the attempt.</exception>
    /// <exception cref="DestinationRefusedException">Gives it up. Any other exception tries it again, until the attempts are used up.</exception>
    Task<ExportReceipt> ExportAsync(ExportItem item, CancellationToken cancellationToken);

    /// <summary>Looks for an item that was written, to compare AEM with the destination.</summary>
    /// <param name="name">The name of the item: <see cref="ExportItem.Name"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Its size; null if there is nothing of that name.</returns>
    Task<StoredExport?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Says whether a name can be stored at all. It is asked when an export is planned. Default: every name can.</summary>
    /// <returns>Why the destination can never store an item of that name; null if it can.</returns>
    string? WhyNotStorable(string name) => null;

    /// <summary>Checks the destination: writes a small file and removes it again. Default: it cannot be checked.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>What was checked and where, for people.</returns>
    /// <exception cref="NotSupportedException">The destination cannot be checked.</exception>
    Task<string> ProbeAsync(CancellationToken cancellationToken) => throw new NotSupportedException("This kind of destination cannot be checked.");
}
