namespace AssetExport;

/// <summary>The receipt for an item that was written.</summary>
/// <param name="Location">The location for people to read: a path, a URL without secrets, or an id.</param>
public sealed record ExportReceipt(string Location);
