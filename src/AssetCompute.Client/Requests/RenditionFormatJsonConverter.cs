namespace AssetCompute.Client;

internal sealed class RenditionFormatJsonConverter : OpenSetJsonConverter<RenditionFormat>
{
    protected override RenditionFormat Create(string value) => new(value);

    protected override string GetValue(RenditionFormat value) => value.Value;
}
