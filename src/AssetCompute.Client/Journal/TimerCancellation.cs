using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Cancels from a timer, where an exception would end the process. On .NET Standard 2.0, disposing a timer does not wait for a running callback, so the
/// callback may run after the source is disposed.
/// </summary>
internal static class TimerCancellation
{
    /// <param name="source">A <see cref="CancellationTokenSource"/>.</param>
    public static void Cancel(object? source)
    {
        try
        {
            ((CancellationTokenSource)source!).Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The operation to cancel has ended.
        }
    }

    /// <summary>Cancels a token that user code has. Exceptions from the user's callbacks are logged and do not reach the caller.</summary>
    public static void Cancel(CancellationTokenSource source, ILogger logger)
    {
        try
        {
            Cancel(source);
        }
        catch (AggregateException exception)
        {
            JournalLog.CancellationThrew(logger, exception);
        }
    }
}
