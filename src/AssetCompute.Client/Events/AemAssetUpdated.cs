namespace AssetCompute.Client;

/// <summary>An asset was changed in any way.</summary>
/// <remarks>Only the older form has it: <c>xdmUpdated</c>.</remarks>
public sealed record AemAssetUpdated : AemAssetEvent;
