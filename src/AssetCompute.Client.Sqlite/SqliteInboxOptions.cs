namespace AssetCompute.Client.Sqlite;

/// <summary>Options of an inbox in a SQLite file.</summary>
public sealed class SqliteInboxOptions
{
    /// <summary>
    /// The path of the file. The file and its folder are created if they do not exist. A relative path starts at the content root of the host, or at the
    /// working directory without a host. The file must be on a local disk: SQLite's locks do not work over most network file systems. Default:
    /// <c>inbox.db</c>.
    /// </summary>
    public string Path { get; set; } = "inbox.db";

    /// <summary>When SQLite waits for the disk. Default: <see cref="SqliteSynchronousMode.Full"/>, for each transaction.</summary>
    public SqliteSynchronousMode Synchronous { get; set; } = SqliteSynchronousMode.Full;

    /// <summary>How long a call waits for other processes that write to the file; zero to 1 hour. Default: 30 seconds.</summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
