namespace AssetCompute.Client;

/// <summary>An asset was deleted: all that is known of it is its id.</summary>
/// <remarks><c>aem.assets.asset.deleted</c>, or <c>xdmDeleted</c> in the older form.</remarks>
public sealed record AemAssetDeleted : AemAssetEvent;
