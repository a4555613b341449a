namespace AssetCompute.Emulator;

/// <summary>A rate limit of a script.</summary>
internal sealed record ScriptedRateLimit
{
    public required EmulatorOperation Operation { get; set; }

    public required double PerSecond { get; set; }

    public required int Burst { get; set; }

    public double? RetryAfterSeconds { get; set; }
}
