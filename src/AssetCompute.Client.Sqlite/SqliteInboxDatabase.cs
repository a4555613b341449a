using System.Globalization;
using AssetCompute.Client.Inbox;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AssetCompute.Client.Sqlite;

/// <summary>One connection to the file of an inbox, with its prepared statements. Not thread-safe.</summary>
internal sealed class SqliteInboxDatabase : IDisposable
{
    /// <summary>How long SQLite itself waits for another process. Calls can be canceled between these waits.</summary>
    private const int BusySliceMilliseconds = 50;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);
    private readonly TimeSpan _busyTimeout;

    private SqliteInboxDatabase(SqliteConnection connection, string path, TimeSpan busyTimeout)
    {
        _connection = connection;
        _busyTimeout = busyTimeout;
        Path = path;
    }

    public string Path { get; }

    /// <summary>The value of <c>$now</c> in statements.</summary>
    public DateTimeOffset Now { get; set; }

    public long LastRow => raw.sqlite3_last_insert_rowid(_connection.Handle);

    /// <summary>Opens the file, and creates missing tables.</summary>
    /// <exception cref="InboxException">The file is not an inbox, or has a newer version.</exception>
    /// <exception cref="SqliteException">The file cannot be opened or used.</exception>
    public static SqliteInboxDatabase Open(string path, bool waitsForDisk, TimeSpan busyTimeout)
    {
        if (System.IO.Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        SqliteConnection connection = new(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = Math.Max(1, (int)busyTimeout.TotalSeconds),
        }.ToString());
        SqliteInboxDatabase database = new(connection, path, busyTimeout);
        try
        {
            connection.Open();
            raw.sqlite3_busy_timeout(connection.Handle, BusySliceMilliseconds);
            database.Run("PRAGMA journal_mode = WAL");
            database.Run(waitsForDisk ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            database.Begin(static () => true);
            SqliteInboxSchema.Upgrade(database);
            database.Commit();
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Begins a write transaction, so that no statement in it can fail on the lock of another process.</summary>
    /// <param name="isWanted">Whether a caller still waits for it.</param>
    /// <returns>False if no caller waits.</returns>
    /// <exception cref="SqliteException">Another process held the lock for too long.</exception>
    public bool Begin(Func<bool> isWanted)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            int result = raw.sqlite3_exec(_connection.Handle, "BEGIN IMMEDIATE");
            if (result == raw.SQLITE_OK)
            {
                return true;
            }

            if ((result & 0xFF) != raw.SQLITE_BUSY || TimeProvider.System.GetElapsedTime(started) >= _busyTimeout)
            {
                SqliteException.ThrowExceptionForRC(result, _connection.Handle);
            }

            if (!isWanted())
            {
                return false;
            }
        }
    }

    /// <summary>Commits the transaction. An uncommitted transaction is rolled back when the connection is closed.</summary>
    public void Commit() => SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(_connection.Handle, "COMMIT"), _connection.Handle);

    /// <summary>Runs a script once.</summary>
    public void Run(string script)
    {
        using SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // Every script is a constant of this package.
        command.CommandText = script;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a statement with the values of $1, $2 and so on, and $now.</summary>
    /// <returns>The number of changed rows.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Prepared(sql, values).ExecuteNonQuery();

    /// <summary>Reads the rows of a statement with the values of $1, $2 and so on, and $now.</summary>
    public SqliteDataReader Query(string sql, params ReadOnlySpan<object?> values) => Prepared(sql, values).ExecuteReader();

    /// <summary>Returns the single number of a statement's result.</summary>
    public long Scalar(string sql, params ReadOnlySpan<object?> values) => Convert.ToInt64(Prepared(sql, values).ExecuteScalar(), CultureInfo.InvariantCulture);

    /// <summary>Closes the connection, which disposes its commands.</summary>
    public void Dispose() => _connection.Dispose();

    private SqliteCommand Prepared(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // Every statement is a constant of this package; values are parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            for (int i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = string.Create(CultureInfo.InvariantCulture, $"${i}") });
            }

            command.Parameters.Add(new SqliteParameter { ParameterName = "$now" });

            _commands.Add(sql, command);
        }

        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] is TimeSpan duration ? duration.Ticks : values[i] ?? DBNull.Value;
        }

        command.Parameters[values.Length].Value = Now.UtcTicks;

        return command;
    }
}
