using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Sqlite;

internal static class SqliteInboxOptionsValidator
{
    private static readonly TimeSpan s_longestBusyTimeout = TimeSpan.FromHours(1);

    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    public static void Check(SqliteInboxOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Path) || options.Path.StartsWith(':') || options.Path.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"{nameof(options.Path)} must be the path of a file; for an inbox in memory take {nameof(InMemoryEventInbox)}.", nameof(options));
        }

        if (options.BusyTimeout < TimeSpan.Zero || options.BusyTimeout > s_longestBusyTimeout)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.BusyTimeout, $"{nameof(options.BusyTimeout)} must be zero to 1 hour.");
        }

        if (options.Synchronous is not (SqliteSynchronousMode.Full or SqliteSynchronousMode.Normal))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Synchronous, $"{nameof(options.Synchronous)} must be {nameof(SqliteSynchronousMode.Full)} or {nameof(SqliteSynchronousMode.Normal)}.");
        }
    }
}
