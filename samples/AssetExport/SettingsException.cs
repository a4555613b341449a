namespace AssetExport;

/// <summary>The settings lack something, or make no sense.</summary>
/// <param name="message">Which setting it is, and what it should be.</param>
public sealed class SettingsException(string message) : Exception(message);
