namespace AssetExport;

/// <summary>A destination will never take an item: the export has failed.</summary>
/// <param name="message">Why; it must hold no secret.</param>
/// <param name="innerException">The cause. Default: none.</param>
public sealed class DestinationRefusedException(string message, Exception? innerException = null) : Exception(message, innerException);
