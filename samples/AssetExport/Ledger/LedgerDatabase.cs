using System.Buffers.Binary;
using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AssetExport;

/// <summary>The database of the ledger, which is that of the inbox: a SQLite file, or PostgreSQL. The ledger's SQL is the same on both but for what stands here.</summary>
public sealed partial class LedgerDatabase : IAsyncDisposable
{
    /// <summary>The schema of the inbox's tables on PostgreSQL; the ledger's stands beside them.</summary>
    private const string Schema = "asset_compute";

    /// <summary>Between two statements of a transaction nothing is waited for: an instance that takes this long is frozen, or cut off.</summary>
    private static readonly TimeSpan s_longestIdle = TimeSpan.FromSeconds(15);

    private readonly DbDataSource _source;
    private readonly TimeSpan _longestIdle;

    /// <summary>SQLite has one writer. Waiting for it here is quicker, and fairer, than waiting for its lock.</summary>
    private readonly SemaphoreSlim? _oneWriter;

    private LedgerDatabase(DbDataSource source, bool isPostgreSql, TimeSpan longestIdle)
    {
        _source = source;
        _longestIdle = longestIdle;
        IsPostgreSql = isPostgreSql;
        _oneWriter = isPostgreSql ? null : new SemaphoreSlim(1, 1);
    }

    /// <summary>Whether it is PostgreSQL.</summary>
    public bool IsPostgreSql { get; }

    /// <summary>What a query adds that takes rows for itself: others pass by what one has its hands on.</summary>
    internal string SkipLocked => IsPostgreSql ? "FOR UPDATE SKIP LOCKED" : "";

    /// <summary>A database on PostgreSQL. The caller disposes the source.</summary>
    public static LedgerDatabase OnPostgreSql(NpgsqlDataSource source) => OnPostgreSql(source, s_longestIdle);

    /// <summary>A database in a file.</summary>
    public static LedgerDatabase InFile(string path)
    {
        string connectionString = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30 }.ToString();
        return new(SqliteFactory.Instance.CreateDataSource(connectionString), isPostgreSql: false, s_longestIdle);
    }

    /// <summary>Whether a setting is a connection string of PostgreSQL, and not the path of a file. No password must become the name of a file.</summary>
    public static bool IsConnectionString(string database) => ConnectionStringMark().IsMatch(database);

    /// <summary>A source of connections that sees the schema of the inbox.</summary>
    /// <exception cref="SettingsException">It is not a connection string.</exception>
    public static NpgsqlDataSource CreateSource(string connectionString)
    {
        try
        {
            return NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = Schema });
        }
        catch (ArgumentException)
        {
            // Npgsql's message may repeat parts of the text (all of a URL, say), a password among them: neither it nor the exception goes on.
            throw new SettingsException("Database is not a connection string as Npgsql takes it, such as 'Host=db;Database=export;Username=app;Password=…'.");
        }
    }

    internal static LedgerDatabase OnPostgreSql(NpgsqlDataSource source, TimeSpan longestIdle) => new(source, isPostgreSql: true, longestIdle);

    /// <summary>Makes the tables where they are missing.</summary>
    public async Task InitializeAsync(string tables, CancellationToken cancellationToken)
    {
        if (!IsPostgreSql)
        {
            await using DbConnection connection = await _source.OpenConnectionAsync(cancellationToken);
            await ExecuteAsync(connection, null, "PRAGMA journal_mode = WAL", [], cancellationToken);
        }

        // Two instances that start together must not both make them.
        await InTransactionAsync(
            "tables",
            async call =>
            {
                if (IsPostgreSql)
                {
                    await call($"CREATE SCHEMA IF NOT EXISTS {Schema}", []);
                }

                await call(tables, []);
                return 0;
            },
            cancellationToken);
    }

    /// <summary>Runs one statement.</summary>
    /// <returns>How many rows it has changed.</returns>
    public Task<int> ExecuteAsync(string sql, (string Name, object? Value)[] values, CancellationToken cancellationToken) =>
        WriteAsync((connection, transaction) => ExecuteAsync(connection, transaction, sql, values, cancellationToken), cancellationToken);

    /// <summary>Runs a statement that changes rows and gives them back: never two at once of those that name the same turn.</summary>
    public Task<List<T>> ChangeAsync<T>(string turn, string sql, (string Name, object? Value)[] values, Func<DbDataReader, T> read, CancellationToken cancellationToken) =>
        WriteAsync(async (connection, transaction) =>
        {
            await TakeTurnAsync(connection, transaction, turn, cancellationToken);
            return await ReadAsync(connection, transaction, sql, values, read, cancellationToken);
        }, cancellationToken);

    /// <summary>Reads rows.</summary>
    public async Task<List<T>> ReadAsync<T>(string sql, (string Name, object? Value)[] values, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        await using DbConnection connection = await _source.OpenConnectionAsync(cancellationToken);
        return await ReadAsync(connection, null, sql, values, read, cancellationToken);
    }

    /// <summary>Runs statements that take effect together, or not at all: never two at once of those that name the same turn.</summary>
    public Task<T> InTransactionAsync<T>(string turn, Func<Func<string, (string Name, object? Value)[], Task<int>>, Task<T>> work, CancellationToken cancellationToken) =>
        WriteAsync(async (connection, transaction) =>
        {
            await TakeTurnAsync(connection, transaction, turn, cancellationToken);
            return await work((sql, values) => ExecuteAsync(connection, transaction, sql, values, cancellationToken));
        }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_oneWriter is not null)
        {
            await _source.DisposeAsync();
            _oneWriter.Dispose();
        }
    }

    /// <summary>Spaces around the sign are legal.</summary>
    [GeneratedRegex(@"\b(Host|Server|Password|PWD|PSW)\s*=|://", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ConnectionStringMark();

    private async Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, Task<T>> write, CancellationToken cancellationToken)
    {
        if (_oneWriter is null)
        {
            return await CommitAsync(write, cancellationToken);
        }

        await _oneWriter.WaitAsync(cancellationToken);
        try
        {
            return await CommitAsync(write, cancellationToken);
        }
        finally
        {
            _oneWriter.Release();
        }
    }

    private async Task<T> CommitAsync<T>(Func<DbConnection, DbTransaction, Task<T>> write, CancellationToken cancellationToken)
    {
        await using DbConnection connection = await _source.OpenConnectionAsync(cancellationToken);

        // Whatever PostgreSQL's default is: what others changed while this one waited for its turn, or for a row, must be seen. SQLite makes it serializable.
        await using DbTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        if (IsPostgreSql)
        {
            // At the server's word: a machine that is cut off would keep its locks for as long as its connection seems to live, which may be hours.
            (string, object?) idle = ("idle", ((long)_longestIdle.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
            await ExecuteAsync(connection, transaction, "SELECT set_config('idle_in_transaction_session_timeout', @idle, true)", [idle], cancellationToken);
        }

        T result = await write(connection, transaction);

        // Not to be cancelled: the caller of what is committed all the same would not know what it has claimed.
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    /// <summary>
    /// Waits until no other instance has the turn, and has it until the transaction ends. SQLite has one writer, whose turn it always is.
    /// </summary>
    private async Task TakeTurnAsync(DbConnection connection, DbTransaction transaction, string turn, CancellationToken cancellationToken)
    {
        if (IsPostgreSql)
        {
            long key = BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"AssetExport {turn}")));
            await ExecuteAsync(
                connection,
                transaction,
                "SELECT pg_advisory_xact_lock(@key)",
                [("key", key)],
                cancellationToken);
        }
    }

    private static async Task<List<T>> ReadAsync<T>(
        DbConnection connection, DbTransaction? transaction, string sql, (string Name, object? Value)[] values, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        await using DbCommand command = Create(connection, transaction, sql, values);
        await using DbDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static async Task<int> ExecuteAsync(DbConnection connection, DbTransaction? transaction, string sql, (string Name, object? Value)[] values, CancellationToken cancellationToken)
    {
        await using DbCommand command = Create(connection, transaction, sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DbCommand Create(DbConnection connection, DbTransaction? transaction, string sql, (string Name, object? Value)[] values)
    {
        DbCommand command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Every statement is a constant of this program; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach ((string name, object? value) in values)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
