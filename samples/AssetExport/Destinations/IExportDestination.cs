namespace AssetExport;

/// <summary>
/// A destination of exports. To add a kind of destination, write a class and register it: <see
/// cref="DestinationServiceCollectionExtensions.AddExportDestination"/>.
/// </summary>
/// <remarks>
/// To export each asset once, a destination follows two rules: a file has the name of its item, and a file is written completely or not at all. The same item can
/// be exported again, if a process died before it recorded the export or if the asset has new content. Calls for different assets run concurrently.
/// </remarks>
public interface IExportDestination
{
    /// <summary>Writes an item. Replaces an existing file with the same name.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancellationToken">Canceled when the application stops, or when another instance has taken over the export.</param>
    /// <returns>The location of the item.</returns>
    /// <exception cref="DestinationBusyException">The export is retried later, and the attempt is not counted.</exception>
    /// <exception cref="DestinationRefusedException">The export fails. After any other exception, it is retried up to the maximum number of attempts.</exception>
    Task<ExportReceipt> ExportAsync(ExportItem item, CancellationToken cancellationToken);

    /// <summary>Finds an item that was written, to compare AEM with the destination.</summary>
    /// <param name="name">The name of the item: <see cref="ExportItem.Name"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The size; null if there is no file with that name.</returns>
    Task<StoredExport?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Checks whether a name can be stored, when an export is planned. Default: every name can be stored.</summary>
    /// <returns>The reason why the destination can never store an item with that name; null if it can.</returns>
    string? WhyNotStorable(string name) => null;

    /// <summary>Checks the destination by writing and removing a small file. Default: the destination cannot be checked.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>A description of what was checked and where, for people to read.</returns>
    /// <exception cref="NotSupportedException">The destination cannot be checked.</exception>
    Task<string> ProbeAsync(CancellationToken cancellationToken) => throw new NotSupportedException("This kind of destination cannot be checked.");
}
