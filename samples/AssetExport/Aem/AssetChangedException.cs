namespace AssetExport;

/// <summary>The bytes from AEM do not match the metadata: the asset was changed, or was damaged in transit.</summary>
internal sealed class AssetChangedException(string message) : IOException(message);
