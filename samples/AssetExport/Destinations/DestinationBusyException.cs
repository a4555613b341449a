namespace AssetExport;

/// <summary>A destination is busy or out of reach: what is to go there waits, and no attempt is counted.</summary>
/// <param name="message">Why; it must hold no secret.</param>
/// <param name="retryAfter">For how long the destination wants to be left alone. Default: 30 seconds.</param>
/// <param name="innerException">The cause. Default: none.</param>
public sealed class DestinationBusyException(string message, TimeSpan? retryAfter = null, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>For how long the destination wants to be left alone; a day at most.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter is not { } wait ? TimeSpan.FromSeconds(30) : wait < TimeSpan.Zero ? TimeSpan.Zero : wait > TimeSpan.FromDays(1) ? TimeSpan.FromDays(1) : wait;
}
