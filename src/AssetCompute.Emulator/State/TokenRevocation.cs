namespace AssetCompute.Emulator;

/// <summary>A time at which all access tokens issued until then were revoked.</summary>
/// <param name="Run">The run of the emulator.</param>
/// <param name="Serial">The last token of that run that is revoked.</param>
/// <param name="Time">The time of the revocation. Tokens of other runs are revoked if they are older.</param>
internal sealed record TokenRevocation(string Run, long Serial, DateTimeOffset Time);
