namespace AssetExport;

/// <summary>A button that changes something.</summary>
/// <param name="Action">The call.</param>
/// <param name="Text">Its text.</param>
/// <param name="What">What it is about, for screen readers.</param>
public sealed record PageButton(string Action, string Text, string What);
