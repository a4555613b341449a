namespace AssetCompute.Client.Journal;

/// <summary>
/// Cancels from a timer. On .NET Standard 2.0 disposing a timer does not wait for a callback that runs, so it may come when the source is
/// gone: an exception in a timer's callback would end the process.
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
}
