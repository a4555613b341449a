namespace AssetCompute.Emulator;

/// <summary>Excludes the emulator's own page and control endpoints from the call log.</summary>
internal sealed class UnrecordedMetadata
{
    public static UnrecordedMetadata Instance { get; } = new();
}
