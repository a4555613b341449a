namespace AssetExport;

/// <summary>AEM reports that there is nothing to export: the asset is deleted, changed, or no longer intended for the destination.</summary>
internal sealed class OutdatedExportException(string message) : Exception(message);
