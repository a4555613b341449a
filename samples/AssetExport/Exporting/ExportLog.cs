namespace AssetExport;

/// <summary>The log messages of the export.</summary>
internal static partial class ExportLog
{
    [LoggerMessage(1, LogLevel.Information, "Exported {Path} to '{Destination}': {Bytes} bytes, attempt {Attempt}")]
    public static partial void Exported(ILogger logger, string path, string destination, long bytes, int attempt);

    [LoggerMessage(2, LogLevel.Warning, "The export of {Path} to '{Destination}' failed at attempt {Attempt}; the next attempt starts in {Delay}")]
    public static partial void TryingAgain(ILogger logger, Exception exception, string path, string destination, int attempt, TimeSpan delay);

    [LoggerMessage(3, LogLevel.Error, "The export of {Path} to '{Destination}' failed permanently after {Attempts} attempts")]
    public static partial void Failed(ILogger logger, Exception exception, string path, string destination, int attempts);

    [LoggerMessage(4, LogLevel.Information, "The export of {Path} to '{Destination}' waits for {Delay}: {Reason}")]
    public static partial void Busy(ILogger logger, string path, string destination, TimeSpan delay, string reason);

    [LoggerMessage(5, LogLevel.Warning, "Another instance has taken over the export of {Path} to '{Destination}'")]
    public static partial void Lost(ILogger logger, string path, string destination);

    [LoggerMessage(6, LogLevel.Error, "The result of the export of {Path} to '{Destination}' could not be saved; the asset is exported again")]
    public static partial void NotSettled(ILogger logger, Exception exception, string path, string destination);

    [LoggerMessage(7, LogLevel.Warning, "The claim of {Path} to '{Destination}' could not be renewed")]
    public static partial void NotRenewed(ILogger logger, Exception exception, string path, string destination);

    [LoggerMessage(8, LogLevel.Information, "{Path}: {Decision}")]
    public static partial void Decided(ILogger logger, string path, string decision);

    [LoggerMessage(9, LogLevel.Information, "The run of '{Destination}' has started {Count} exports")]
    public static partial void Batch(ILogger logger, string destination, int count);

    [LoggerMessage(10, LogLevel.Error, "The ledger cannot be used; the next attempt starts in {Delay}")]
    public static partial void LedgerFailed(ILogger logger, Exception exception, TimeSpan delay);

    [LoggerMessage(11, LogLevel.Warning, "The folder {Folder} could not be removed")]
    public static partial void NotRemoved(ILogger logger, Exception exception, string folder);
}
