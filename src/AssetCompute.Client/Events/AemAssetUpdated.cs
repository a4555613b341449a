namespace AssetCompute.Client;

/// <summary>An asset was changed in any way.</summary>
/// <remarks>Only in the older form: <c>xdmUpdated</c>.</remarks>
public sealed record AemAssetUpdated : AemAssetEvent;
