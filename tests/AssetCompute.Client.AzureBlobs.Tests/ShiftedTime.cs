namespace AssetCompute.Client.AzureBlobs.Tests;

/// <summary>The system's clock, ahead by <see cref="Shift"/>: Azurite keeps to the system's own.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
