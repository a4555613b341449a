namespace AssetCompute.Client.IntegrationTests.Storage;

/// <summary>The system's clock, and so much more.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
