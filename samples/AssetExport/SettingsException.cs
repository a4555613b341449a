namespace AssetExport;

/// <summary>A setting is missing or invalid.</summary>
/// <param name="message">The setting, and the value it should have.</param>
public sealed class SettingsException(string message) : Exception(message)
{
    /// <summary>Throws if a setting is invalid.</summary>
    /// <param name="isInvalid">Whether it is invalid.</param>
    /// <param name="message">The setting, and the value it should have.</param>
    /// <exception cref="SettingsException">The setting is invalid.</exception>
    public static void ThrowIf(bool isInvalid, string message)
    {
        if (isInvalid)
        {
            throw new SettingsException(message);
        }
    }
}
