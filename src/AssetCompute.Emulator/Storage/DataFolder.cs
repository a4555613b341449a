using System.Text.Json;

namespace AssetCompute.Emulator;

/// <summary>The errors of a data folder, with messages that say what to do.</summary>
internal static class DataFolder
{
    /// <summary>Reads data from the folder.</summary>
    /// <exception cref="IOException">The data cannot be read because another version wrote it.</exception>
    public static T Read<T>(string folder, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or NullReferenceException)
        {
            throw OfAnotherVersion(folder, exception);
        }
    }

    public static IOException OfAnotherVersion(string folder, Exception cause) =>
        new($"The data folder '{folder}' was written by another version of the emulator, and this one cannot read all of it. Start that version, or use an empty folder. Nothing was changed.", cause);
}
