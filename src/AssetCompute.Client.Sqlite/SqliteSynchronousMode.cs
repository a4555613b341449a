namespace AssetCompute.Client.Sqlite;

/// <summary>When SQLite waits for the disk.</summary>
public enum SqliteSynchronousMode
{
    /// <summary>At each transaction: what was stored outlives a power failure.</summary>
    Full,

    /// <summary>
    /// Now and then: faster. What was stored outlives the end of the process, however that comes; after a power failure the last transactions may
    /// be gone, and the file is whole.
    /// </summary>
    Normal,
}
