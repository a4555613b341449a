namespace AssetExport;

/// <summary>The log messages of the export.</summary>
internal static partial class ExportLog
{
    [LoggerMessage(1, LogLevel.Information, "{Path} is at '{Destination}': {Bytes} bytes, attempt {Attempt}")]
    public static partial void Exported(ILogger logger, string path, string destination, long bytes, int attempt);

    [LoggerMessage(2, LogLevel.Warning, "{Path} to '{Destination}' failed at attempt {Attempt} and is tried again in {Delay}")]
    public static partial void TryingAgain(ILogger logger, Exception exception, string path, string destination, int attempt, TimeSpan delay);

    [LoggerMessage(3, LogLevel.Error, "{Path} to '{Destination}' failed for good after {Attempts} attempts")]
    public static partial void Failed(ILogger logger, Exception exception, string path, string destination, int attempts);

    [LoggerMessage(4, LogLevel.Information, "{Path} to '{Destination}' waits for {Delay}: {Reason}")]
    public static partial void Busy(ILogger logger, string path, string destination, TimeSpan delay, string reason);

    [LoggerMessage(5, LogLevel.Warning, "{Path} to '{Destination}' has become another instance's")]
    public static partial void Lost(ILogger logger, string path, string destination);

    [LoggerMessage(6, LogLevel.Error, "What became of {Path} to '{Destination}' could not be written down; it is exported again")]
    public static partial void NotSettled(ILogger logger, Exception exception, string path, string destination);

    [LoggerMessage(7, LogLevel.Warning, "The claim of {Path} to '{Destination}' could not be renewed")]
    public static partial void NotRenewed(ILogger logger, Exception exception, string path, string destination);

    [LoggerMessage(8, LogLevel.Information, "{Path}: {Decision}")]
    public static partial void Decided(ILogger logger, string path, string decision);

    [LoggerMessage(9, LogLevel.Information, "The run of '{Destination}' has started {Count} exports")]
    public static partial void Batch(ILogger logger, string destination, int count);

    [LoggerMessage(10, LogLevel.Error, "The ledger cannot be used; the next try is in {Delay}")]
    public static partial void LedgerFailed(ILogger logger, Exception exception, TimeSpan delay);

    [LoggerMessage(11, LogLevel.Warning, "The folder {Folder} could not be removed")]
    public static partial void NotRemoved(ILogger logger, Exception exception, string folder);
}
