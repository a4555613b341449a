namespace AssetCompute.Client.AzureBlobs.Tests;

/// <summary>The system clock, ahead by <see cref="Shift"/>. Azurite uses the system clock itself.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
