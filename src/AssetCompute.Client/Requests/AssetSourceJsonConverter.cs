namespace AssetCompute.Client;

internal sealed class AssetSourceJsonConverter : UrlOrObjectJsonConverter<AssetSource>
{
    protected override AssetSource FromUrl(string url) => new() { Url = url };

    protected override string? OnlyUrl(AssetSource value) =>
        value is { Name: null, Size: null, MimeType: null, Headers: null, ExtensionData: null } ? value.Url : null;
}
