using AssetCompute.Emulator;

namespace AssetExport.Demo;

/// <summary>An asset of the scene.</summary>
/// <param name="Asset">The asset in AEM.</param>
/// <param name="Destinations">The destinations of the asset.</param>
internal sealed record PublishedAsset(AemAsset Asset, IReadOnlyList<string> Destinations);
