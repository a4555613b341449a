namespace AssetExport;

/// <summary>The exports that match a search, the most recently changed first. A filter that is null matches any.</summary>
internal sealed record ExportList(IReadOnlyList<ExportEntry> Entries, string? Search, ExportState? State, string? Destination, StatusReport Report)
{
    /// <summary>The maximum number of rows. Use the search to find other exports.</summary>
    public const int MaxEntries = 100;

    public string UrlOf(ExportState? state, string? destination) => "/exports" + QueryString.Create(
        new KeyValuePair<string, string?>[] { new("state", state?.ToString().ToLowerInvariant()), new("destination", destination), new("q", Search) }.Where(static pair => !string.IsNullOrEmpty(pair.Value)));
}
