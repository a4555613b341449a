namespace AssetCompute.Emulator;

/// <summary>A file could not be fetched.</summary>
internal sealed class DownloadException(string message, Exception? cause = null) : Exception(message, cause);
