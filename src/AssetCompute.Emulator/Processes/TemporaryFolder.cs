namespace AssetCompute.Emulator;

/// <summary>Deletes folders for temporary files.</summary>
internal static class TemporaryFolder
{
    /// <summary>Deletes a folder. If a file in it is in use, the folder stays, so that this neither replaces a response nor stops the rest of the cleanup.</summary>
    public static void TryDelete(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Already deleted, or locked by a virus scanner.
        }
    }
}
