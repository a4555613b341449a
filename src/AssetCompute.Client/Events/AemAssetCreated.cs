namespace AssetCompute.Client;

/// <summary>An asset was created.</summary>
/// <remarks>Only the older form has it: <c>xdmCreated</c>.</remarks>
public sealed record AemAssetCreated : AemAssetEvent;
