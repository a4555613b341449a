namespace AssetCompute.Client.IntegrationTests.Storage;

/// <summary>The system clock with an adjustable offset.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
