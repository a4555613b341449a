namespace AssetCompute.Client;

/// <summary>The metadata of an asset was changed. <see cref="AemAssetEvent.AssetMetadata"/> has the metadata.</summary>
/// <remarks><c>aem.assets.asset.metadata_updated</c>.</remarks>
public sealed record AemAssetMetadataUpdated : AemAssetEvent;
