using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Journal;

/// <summary>
/// Cancels from a timer, where an exception would end the process. On .NET Standard 2.0 disposing a timer does not wait for a callback that runs, so it may come when the source is gone.
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
            // What was to be cancelled has ended.
        }
    }

    /// <summary>Cancels what code of the user's has the token of: what that code does then, and throws, is not the caller's.</summary>
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
