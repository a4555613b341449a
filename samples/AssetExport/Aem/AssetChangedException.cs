namespace AssetExport;

/// <summary>What AEM sends is not what the metadata promised: the asset was changed, or damaged on its way.</summary>
/// <param name="message">What differs.</param>
public sealed class AssetChangedException(string message) : IOException(message);
