using RazorSlices;

namespace AssetExport;

/// <summary>A complete page: the bar with its tabs, and a view below it.</summary>
internal sealed record PageFrame(string Title, string Tab, StatusReport Report, RazorSlice View);
