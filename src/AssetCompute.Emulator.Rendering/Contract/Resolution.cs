namespace AssetCompute.Emulator.Rendering;

/// <summary>A resolution in dots per inch, horizontal and vertical.</summary>
internal sealed record Resolution(double X, double Y);
