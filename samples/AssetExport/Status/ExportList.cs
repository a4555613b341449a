namespace AssetExport;

/// <summary>A list of exports that match a search.</summary>
/// <param name="Entries">The most recently changed exports.</param>
/// <param name="Search">Part of a path; null for any.</param>
/// <param name="State">The state; null for any.</param>
/// <param name="Destination">The destination; null for any.</param>
/// <param name="Report">The status.</param>
internal sealed record ExportList(IReadOnlyList<ExportEntry> Entries, string? Search, ExportState? State, string? Destination, StatusReport Report)
{
    /// <summary>The maximum number of rows. Use the search to find other exports.</summary>
    public const int MaxEntries = 100;

    public string UrlOf(ExportState? state, string? destination) => "/exports" + QueryString.Create(
        new KeyValuePair<string, string?>[] { new("state", state?.ToString().ToLowerInvariant()), new("destination", destination), new("q", Search) }.Where(static pair => !string.IsNullOrEmpty(pair.Value)));
}
