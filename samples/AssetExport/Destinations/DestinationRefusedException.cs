namespace AssetExport;

/// <summary>A destination will never accept an item, so the export has failed.</summary>
/// <param name="message">The reason. It must not contain secrets.</param>
/// <param name="innerException">The cause. Default: none.</param>
public sealed class DestinationRefusedException(string message, Exception? innerException = null) : Exception(message, innerException);
