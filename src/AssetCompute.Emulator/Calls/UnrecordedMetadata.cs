namespace AssetCompute.Emulator;

/// <summary>Keeps the emulator's own page and controls out of the log: it is about the service's callers.</summary>
internal sealed class UnrecordedMetadata
{
    public static UnrecordedMetadata Instance { get; } = new();
}
