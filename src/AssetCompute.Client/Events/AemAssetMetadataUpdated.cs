namespace AssetCompute.Client;

/// <summary>The metadata of an asset were changed: <see cref="AemAssetEvent.AssetMetadata"/> has them.</summary>
/// <remarks><c>aem.assets.asset.metadata_updated</c>.</remarks>
public sealed record AemAssetMetadataUpdated : AemAssetEvent;
