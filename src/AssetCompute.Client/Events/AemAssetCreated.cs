namespace AssetCompute.Client;

/// <summary>An asset was created.</summary>
/// <remarks>Only in the older form: <c>xdmCreated</c>.</remarks>
public sealed record AemAssetCreated : AemAssetEvent;
