namespace AssetCompute.Emulator;

/// <summary>Bytes that are computed as they are read: assets of gigabytes take neither disk nor memory.</summary>
internal sealed record AemGeneratedContent(long Size, int Seed) : AemContent
{
    public override Stream Open() => new GeneratedStream(Size, Seed);
}
