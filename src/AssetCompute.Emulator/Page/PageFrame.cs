using RazorSlices;

namespace AssetCompute.Emulator;

/// <summary>A whole page: the bar with its tabs, and a view below.</summary>
/// <param name="Title">The title of the window.</param>
/// <param name="Tab">The address of the tab that the view belongs to.</param>
/// <param name="Tabs">The tabs, each with how much there is.</param>
/// <param name="Endpoint">Where the emulator answers.</param>
/// <param name="Live">The parts of the emulator whose changes the view shows.</param>
/// <param name="View">The view.</param>
internal sealed record PageFrame(string Title, string Tab, IReadOnlyList<(string Path, string Title, long? Count)> Tabs, Uri Endpoint, string Live, RazorSlice View);
