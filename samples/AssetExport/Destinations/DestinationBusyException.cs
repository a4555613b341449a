namespace AssetExport;

/// <summary>A destination is busy or unreachable. The export waits, and the attempt is not counted.</summary>
/// <param name="message">The reason. It must not contain secrets.</param>
/// <param name="retryAfter">How long the destination asks to wait. Default: 30 seconds.</param>
/// <param name="innerException">The cause. Default: none.</param>
public sealed class DestinationBusyException(string message, TimeSpan? retryAfter = null, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>How long the destination asks to wait, one day at most.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter is not { } wait ? TimeSpan.FromSeconds(30) : wait < TimeSpan.Zero ? TimeSpan.Zero : wait > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : wait;
}
