using Microsoft.AspNetCore.Http;

namespace AssetCompute.Emulator;

/// <summary>A blob is longer than the limit.</summary>
internal sealed class BlobTooLargeException(long maxBytes) : Refusal(StatusCodes.Status413PayloadTooLarge, $"A blob holds at most {maxBytes} bytes.");
