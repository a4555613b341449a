namespace AssetCompute.Client;

/// <summary>An asset was published.</summary>
/// <remarks>
/// <c>aem.assets.asset.published</c>; in the older form <c>xdmPublished</c>, which is sent for assets only where AEM was configured to (<c>asset_published</c>).
/// </remarks>
public sealed record AemAssetPublished : AemAssetEvent
{
    /// <summary>Where it was published to, such as <c>publish</c>; null where the event does not say.</summary>
    public string? Tier { get; init; }
}
