namespace AssetExport;

/// <summary>A setting is missing or invalid.</summary>
/// <param name="message">The setting, and the value it should have.</param>
public sealed class SettingsException(string message) : Exception(message);
