namespace AssetCompute.Emulator;

/// <summary>Bytes that were put: a blob of the author's own store, one for each version.</summary>
internal sealed record AemBlobContent(IBlobStore Store, string Name) : AemContent
{
    public override Stream? Open() => Store.Open(Name)?.Content;
}
