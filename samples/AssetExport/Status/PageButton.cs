namespace AssetExport;

/// <summary>A button that performs an action.</summary>
/// <param name="Action">The URL of the action.</param>
/// <param name="Text">The text.</param>
/// <param name="What">The subject of the action, for screen readers.</param>
internal sealed record PageButton(string Action, string Text, string What);
