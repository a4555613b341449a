namespace AssetCompute.Client;

internal sealed class RenditionTargetJsonConverter : UrlOrObjectJsonConverter<RenditionTarget>
{
    protected override RenditionTarget? FromUrl(string url) => url.Length > 0 ? new RenditionTarget(url) : null;

    protected override string? OnlyUrl(RenditionTarget value) => value.Url;
}
