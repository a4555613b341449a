namespace AssetExport;

/// <summary>AEM says by now that there is nothing to export: the asset is gone, was changed, or is no longer meant for the destination.</summary>
/// <param name="message">What AEM says.</param>
internal sealed class OutdatedExportException(string message) : Exception(message);
