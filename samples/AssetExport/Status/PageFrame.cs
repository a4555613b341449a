using RazorSlices;

namespace AssetExport;

/// <summary>A complete page: the bar with its tabs, and a view below it.</summary>
/// <param name="Title">The title.</param>
/// <param name="Tab">The URL of the view's tab.</param>
/// <param name="Report">The status.</param>
/// <param name="View">The view.</param>
internal sealed record PageFrame(string Title, string Tab, StatusReport Report, RazorSlice View);
