using AssetCompute.Emulator;

namespace AssetExport.Demo;

/// <summary>An asset of the scene.</summary>
/// <param name="Asset">What AEM has.</param>
/// <param name="Destinations">Where it is to be exported to.</param>
internal sealed record PublishedAsset(AemAsset Asset, IReadOnlyList<string> Destinations);
