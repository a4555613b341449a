using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>Some of the events after a position are no longer available.</summary>
internal sealed class JournalPositionExpiredException(string position) : Refusal(StatusCodes.Status410Gone, $"Events at position {position} have expired.");
