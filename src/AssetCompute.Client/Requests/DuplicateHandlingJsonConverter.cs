namespace AssetCompute.Client;

internal sealed class DuplicateHandlingJsonConverter : OpenSetJsonConverter<DuplicateHandling>
{
    protected override DuplicateHandling Create(string value) => new(value);

    protected override string GetValue(DuplicateHandling value) => value.Value;
}
