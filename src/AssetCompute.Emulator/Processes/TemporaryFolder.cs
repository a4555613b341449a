namespace AssetCompute.Emulator;

/// <summary>Deletes folders for temporary files.</summary>
internal static class TemporaryFolder
{
    /// <summary>Deletes the folder. One that something else holds stays: that must neither replace an answer nor keep the rest from ending.</summary>
    public static void TryDelete(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone already, or held by a virus scanner.
        }
    }
}
