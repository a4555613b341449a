namespace AssetExport;

/// <summary>
/// Where assets are exported to. One class and one line of registration add a kind of destination: <see cref="DestinationServiceCollectionExtensions.AddExportDestination"/>.
/// </summary>
/// <remarks>
/// What makes an export happen once is kept here: a name follows from the asset alone, and what is written under it is there whole or not at all. An item that was written
/// before, by a process that died before it could say so, comes again; and so does an asset with new content. Calls for different assets run at once.
/// </remarks>
public interface IExportDestination
{
    /// <summary>Writes an item, in place of what stands under its name.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancellationToken">Cancelled when the application stops, or when another instance has taken the export over.</param>
    /// <returns>Where it is.</returns>
    /// <exception cref="DestinationBusyException">To have it tried again later, without counting the attempt.</exception>
    /// <exception cref="DestinationRefusedException">To have it given up. Any other exception has it tried again, up to the most attempts.</exception>
    Task<ExportReceipt> ExportAsync(ExportItem item, CancellationToken cancellationToken);

    /// <summary>Looks for what was written: for the comparison of AEM with the destination.</summary>
    /// <param name="name">The name of the item: <see cref="ExportItem.Name"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Its size; null where there is nothing of that name.</returns>
    Task<StoredExport?> FindAsync(string name, CancellationToken cancellationToken);
}
