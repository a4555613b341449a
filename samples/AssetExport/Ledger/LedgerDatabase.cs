using System.Buffers.Binary;
using System.Data;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AssetExport;

/// <summary>The database of the ledger and the inbox: a SQLite file, or PostgreSQL. The statements are the same for both, except for those in this class.</summary>
internal sealed class LedgerDatabase : IAsyncDisposable
{
    /// <summary>The schema of the inbox's tables in PostgreSQL. It also contains the ledger's tables.</summary>
    private const string Schema = "asset_compute";

    /// <summary>The maximum idle time of a transaction. None waits between two statements, unless its instance is frozen or cut off.</summary>
    private static readonly TimeSpan s_longestIdle = TimeSpan.FromSeconds(15);

    private readonly NpgsqlDataSource? _server;

    /// <summary>SQLite allows one writer at a time, so one connection with one user at a time is as fast as many, and needs less memory.</summary>
    private readonly SqliteConnection? _file;
    private readonly SemaphoreSlim _oneUser = new(1, 1);
    private string? _synchronous;
    private volatile bool _isInitialized;

    static LedgerDatabase()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new UnixTimeHandler());
    }

    private LedgerDatabase(NpgsqlDataSource? server, SqliteConnection? file) => (_server, _file) = (server, file);

    public bool IsPostgreSql => _server is not null;

    /// <summary>Uses PostgreSQL. The caller disposes the source.</summary>
    public static LedgerDatabase OnPostgreSql(NpgsqlDataSource source) => new(source, null);

    public static LedgerDatabase InFile(string path) =>
        new(null, new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30, Pooling = false }.ToString()));

    /// <summary>Whether a setting is a PostgreSQL connection string and not a file. A password must not become a file name.</summary>
    public static bool IsConnectionString(string database) => database.Contains('=', StringComparison.Ordinal) || database.Contains("://", StringComparison.Ordinal);

    /// <summary>Creates a data source whose connections use the schema of the inbox.</summary>
    /// <exception cref="SettingsException">The text is not a connection string.</exception>
    public static NpgsqlDataSource CreateSource(string connectionString, TimeSpan? longestIdle = null)
    {
        try
        {
            NpgsqlConnectionStringBuilder builder = new(connectionString) { SearchPath = Schema };
            builder.Options = $"{builder.Options} -c idle_in_transaction_session_timeout={(long)(longestIdle ?? s_longestIdle).TotalMilliseconds}".TrimStart();
            return NpgsqlDataSource.Create(builder);
        }
        catch (ArgumentException)
        {
            // Npgsql's message may contain parts of the text, such as a password, so neither the message nor the exception is passed on.
            throw new SettingsException("Database is not a valid Npgsql connection string, such as 'Host=db;Database=export;Username=app;Password=…'.");
        }
    }

    public Task<List<T>> ReadAsync<T>(string sql, object? values, CancellationToken cancellationToken) =>
        UseAsync(async connection => (await connection.QueryAsync<T>(new CommandDefinition(sql, values, cancellationToken: cancellationToken))).AsList(), cancellationToken);

    /// <summary>Runs statements in a transaction.</summary>
    /// <param name="turn">The turn. Two transactions with the same turn never run at the same time. Null: this transaction does not wait.</param>
    /// <param name="isRepeatable">Whether a power failure may undo the work, because it is then repeated. SQLite does not wait for the disk. Default: no.</param>
    public Task<T> InTransactionAsync<T>(string? turn, Func<LedgerTransaction, Task<T>> work, CancellationToken cancellationToken, bool isRepeatable = false) =>
        UseAsync(connection => InTransactionAsync(connection, turn, work, isRepeatable, cancellationToken), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await (_file?.DisposeAsync() ?? ValueTask.CompletedTask);
        _oneUser.Dispose();
    }

    internal static long LockOf(string turn) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"AssetExport {turn}")));

    private async Task<T> UseAsync<T>(Func<DbConnection, Task<T>> use, CancellationToken cancellationToken)
    {
        if (_server is not null)
        {
            await using NpgsqlConnection connection = await _server.OpenConnectionAsync(cancellationToken);
            await InitializeAsync(connection, cancellationToken);
            return await use(connection);
        }

        await _oneUser.WaitAsync(cancellationToken);
        try
        {
            if (_file!.State != ConnectionState.Open)
            {
                await _file.OpenAsync(cancellationToken);
            }

            await InitializeAsync(_file, cancellationToken);
            return await use(_file);
        }
        finally
        {
            _oneUser.Release();
        }
    }

    private async Task<T> InTransactionAsync<T>(DbConnection connection, string? turn, Func<LedgerTransaction, Task<T>> work, bool isRepeatable, CancellationToken cancellationToken)
    {
        // A power failure ends all instances that share the file, so no instance continues with an undone claim. With PostgreSQL, instances on other machines would.
        string synchronous = isRepeatable ? "NORMAL" : "FULL";
        if (!IsPostgreSql && _synchronous != synchronous)
        {
            await connection.ExecuteAsync($"PRAGMA synchronous = {synchronous}");
            _synchronous = synchronous;
        }

        // Overrides PostgreSQL's default, because changes made while this transaction waited must be visible. SQLite is always serializable.
        await using DbTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        LedgerTransaction call = new(transaction, IsPostgreSql, cancellationToken);
        if (turn is not null)
        {
            await call.TakeTurnAsync(turn);
        }

        T result = await work(call);

        // Not cancellable: if the commit succeeded anyway, the caller would not know what it has claimed.
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    private async Task InitializeAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        if (_isInitialized)
        {
            return;
        }

        try
        {
            if (!IsPostgreSql)
            {
                // A checkpoint waits for the disk, and every caller for it. Most pages change many times, and a checkpoint writes each once.
                await connection.ExecuteAsync("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000");
            }

            // The turn prevents two instances that start together from creating the tables twice.
            string tables = IsPostgreSql ? $"CREATE SCHEMA IF NOT EXISTS {Schema};\n{LedgerStatements.Tables}" : LedgerStatements.Tables;
            await InTransactionAsync(
                connection,
                "tables",
                async transaction =>
                {
                    await transaction.ExecuteAsync(tables, null);
                    return await transaction.ExecuteAsync(LedgerStatements.CheckColumns, null);
                },
                isRepeatable: false,
                cancellationToken);
            _isInitialized = true;
        }
        catch (DbException exception) when (exception is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_ERROR } or PostgresException { SqlState: PostgresErrorCodes.UndefinedColumn })
        {
            throw new SettingsException("Database has the ledger of an earlier version, which this version does not read. Set Database to a new file or database, then run 'asset-export reconcile --repair': it exports what the destinations lack.");
        }
    }

    /// <summary>Stores times as milliseconds since 1970.</summary>
    private sealed class UnixTimeHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => DateTimeOffset.FromUnixTimeMilliseconds((long)value);

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => throw new NotSupportedException("Statements take times as numbers.");
    }
}
