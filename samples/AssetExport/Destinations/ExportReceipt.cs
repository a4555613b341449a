namespace AssetExport;

/// <summary>That an item was written.</summary>
/// <param name="Location">Where, for people: a path, a URL without secrets, an id.</param>
public sealed record ExportReceipt(string Location);
