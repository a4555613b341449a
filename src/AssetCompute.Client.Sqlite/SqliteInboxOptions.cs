namespace AssetCompute.Client.Sqlite;

/// <summary>How an inbox is kept in a SQLite file.</summary>
public sealed class SqliteInboxOptions
{
    /// <summary>
    /// The file; it and its folder are made where they are missing. A relative path starts at the content root of the host, else at the working
    /// directory. It must lie on a disk of this machine: SQLite's locks do not work over most network file systems. Default: <c>inbox.db</c>.
    /// </summary>
    public string Path { get; set; } = "inbox.db";

    /// <summary>When SQLite waits for the disk. Default: <see cref="SqliteSynchronousMode.Full"/>, at each transaction.</summary>
    public SqliteSynchronousMode Synchronous { get; set; } = SqliteSynchronousMode.Full;

    /// <summary>How long a call waits for other processes that write to the file; zero to 1 hour. Default: 30 seconds.</summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
