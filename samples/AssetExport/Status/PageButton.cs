namespace AssetExport;

/// <summary>A button that sends a POST to a URL. Screen readers also read the subject of the action.</summary>
internal sealed record PageButton(string Action, string Text, string What);
