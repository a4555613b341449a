using RazorSlices;

namespace AssetCompute.Emulator;

/// <summary>A complete page: the bar with its tabs, and a view below it.</summary>
/// <param name="Title">The window title.</param>
/// <param name="Tab">The URL of the tab that the view belongs to.</param>
/// <param name="Tabs">The tabs, each with a count.</param>
/// <param name="Endpoint">The base URL of the emulator.</param>
/// <param name="Live">The parts of the emulator whose changes the view shows.</param>
/// <param name="View">The view.</param>
internal sealed record PageFrame(string Title, string Tab, IReadOnlyList<(string Path, string Title, long? Count)> Tabs, Uri Endpoint, string Live, RazorSlice View);
