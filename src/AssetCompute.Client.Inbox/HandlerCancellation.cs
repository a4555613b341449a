using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Inbox;

/// <summary>Cancels a token that the user's code has. What its callbacks throw is logged: from a timer it would end the process.</summary>
internal static class HandlerCancellation
{
    public static void Cancel(CancellationTokenSource source, ILogger logger)
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException exception)
        {
            InboxLog.CancellationThrew(logger, exception);
        }
    }
}
