namespace AssetCompute.Emulator;

/// <summary>A moment at which every access token was revoked that had been issued until then.</summary>
/// <param name="Run">The run of the emulator in which it was.</param>
/// <param name="Serial">The last token of that run that it strikes.</param>
/// <param name="Time">When it was; tokens of other runs are struck when they are older.</param>
internal sealed record TokenRevocation(string Run, long Serial, DateTimeOffset Time);
