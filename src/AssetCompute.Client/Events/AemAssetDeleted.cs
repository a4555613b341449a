namespace AssetCompute.Client;

/// <summary>An asset was deleted. Only its id is known.</summary>
/// <remarks><c>aem.assets.asset.deleted</c>, or <c>xdmDeleted</c> in the older form.</remarks>
public sealed record AemAssetDeleted : AemAssetEvent;
