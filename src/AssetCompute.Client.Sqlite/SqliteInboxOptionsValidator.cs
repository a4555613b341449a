using AssetCompute.Client.Inbox;

namespace AssetCompute.Client.Sqlite;

internal static class SqliteInboxOptionsValidator
{
    /// <exception cref="ArgumentException">An option is missing or out of range.</exception>
    public static void Check(SqliteInboxOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Path) || options.Path.StartsWith(':') || options.Path.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"{nameof(options.Path)} must be the path of a file; for an inbox in memory take {nameof(InMemoryEventInbox)}.", nameof(options));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(options.BusyTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.BusyTimeout, TimeSpan.FromHours(1));
        ArgumentOutOfRangeException.ThrowIfLessThan((int)options.Synchronous, (int)SqliteSynchronousMode.Full, nameof(options.Synchronous));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)options.Synchronous, (int)SqliteSynchronousMode.Normal, nameof(options.Synchronous));
    }
}
