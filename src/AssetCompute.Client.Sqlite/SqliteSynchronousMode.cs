namespace AssetCompute.Client.Sqlite;

/// <summary>When SQLite waits for the disk.</summary>
public enum SqliteSynchronousMode
{
    /// <summary>For each transaction. Stored data survives a power failure.</summary>
    Full,

    /// <summary>
    /// At checkpoints of the write-ahead log only, which is faster. Stored data survives any end of the process. After a power failure the last transactions
    /// may be lost, but the file is not damaged.
    /// </summary>
    Normal,
}
