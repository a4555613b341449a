namespace AssetCompute.Client;

/// <summary>AEM has finished processing an asset: its renditions and metadata are available.</summary>
/// <remarks><c>aem.assets.asset.processing_completed</c>.</remarks>
public sealed record AemAssetProcessingCompleted : AemAssetEvent;
