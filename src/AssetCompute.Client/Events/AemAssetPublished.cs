namespace AssetCompute.Client;

/// <summary>An asset was published.</summary>
/// <remarks>
/// <c>aem.assets.asset.published</c>; in the older form <c>xdmPublished</c>, which AEM sends for assets only if it is configured to do so
/// (<c>asset_published</c>).
/// </remarks>
public sealed record AemAssetPublished : AemAssetEvent
{
    /// <summary>The tier that the asset was published to, such as <c>publish</c>; null if the event does not contain it.</summary>
    public string? Tier { get; init; }
}
