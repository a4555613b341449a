namespace AssetCompute.Emulator.Rendering;

/// <summary>Dots per inch, across and down.</summary>
internal sealed record Resolution(double X, double Y);
