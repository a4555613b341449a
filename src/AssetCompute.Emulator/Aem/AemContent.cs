namespace AssetCompute.Emulator;

/// <summary>Where the bytes of an asset's version come from.</summary>
internal abstract record AemContent
{
    /// <summary>Opens the bytes, seekable; or <see langword="null"/> when the version was replaced or deleted meanwhile.</summary>
    public abstract Stream? Open();
}
