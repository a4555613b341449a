using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>A position whose following events are no longer all there.</summary>
internal sealed class JournalPositionExpiredException(string position) : Refusal(StatusCodes.Status410Gone, $"Events at position {position} have expired.");
