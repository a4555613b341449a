using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Journal;

/// <summary>Cancels a token that the user's code has.</summary>
internal static class UserCallbacks
{
    /// <summary>Cancels the token. Exceptions from callbacks that the user's code registered on it are logged and do not reach the caller.</summary>
    public static void CancelAndLog(this CancellationTokenSource source, ILogger logger)
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException exception)
        {
            JournalLog.CancellationThrew(logger, exception);
        }
    }
}
