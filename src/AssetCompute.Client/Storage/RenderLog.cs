using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Storage;

/// <summary>Log messages of the rendering of files (event ids 1500 to 1599). Never a URL.</summary>
internal static partial class RenderLog
{
    public const string Category = "AssetCompute.Client.Storage";

    [LoggerMessage(EventId = 1500, Level = LogLevel.Warning, Message = "'{Name}' could not be removed from the storage and is left behind.")]
    public static partial void LeftBehind(ILogger logger, string name, Exception exception);

    [LoggerMessage(EventId = 1501, Level = LogLevel.Information, Message = "{Count} renditions of request {RequestId} failed after their URLs had expired; they are requested once more with new ones.")]
    public static partial void Expired(ILogger logger, int count, string requestId);

    [LoggerMessage(EventId = 1502, Level = LogLevel.Information, Message = "The download of '{Name}' failed and starts again (attempt {Attempt}).")]
    public static partial void DownloadingAgain(ILogger logger, string name, int attempt);
}
