namespace AssetCompute.Client;

/// <summary>An asset was changed, in whatever way.</summary>
/// <remarks>Only the older form has it: <c>xdmUpdated</c>.</remarks>
public sealed record AemAssetUpdated : AemAssetEvent;
