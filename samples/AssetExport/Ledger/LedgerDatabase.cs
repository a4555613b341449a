using System.Buffers.Binary;
using System.Data;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AssetExport;

/// <summary>The database of the ledger and the inbox: a SQLite file, or PostgreSQL. The statements are the same for both, except for those in this class.</summary>
public sealed partial class LedgerDatabase : IAsyncDisposable
{
    /// <summary>The schema of the inbox's tables in PostgreSQL. It also contains the ledger's tables.</summary>
    private const string Schema = "asset_compute";

    /// <summary>
    /// The maximum idle time of a transaction. A transaction never waits between two statements, so an idle instance is frozen or disconnected, and the server
    /// ends its transaction.
    /// </summary>
    private static readonly TimeSpan s_longestIdle = TimeSpan.FromSeconds(15);

    private readonly DbDataSource _source;
    private readonly SemaphoreSlim _initializing = new(1, 1);

    /// <summary>The lock of SQLite's single writer. Waiting for it here is faster and fairer than waiting for the file lock.</summary>
    private readonly SemaphoreSlim? _oneWriter;
    private volatile bool _isInitialized;

    static LedgerDatabase()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new UnixTimeHandler());
    }

    private LedgerDatabase(DbDataSource source, bool isPostgreSql)
    {
        _source = source;
        IsPostgreSql = isPostgreSql;
        _oneWriter = isPostgreSql ? null : new SemaphoreSlim(1, 1);
    }

    /// <summary>Whether the database is PostgreSQL.</summary>
    public bool IsPostgreSql { get; }

    /// <summary>Uses PostgreSQL. The caller disposes the source.</summary>
    public static LedgerDatabase OnPostgreSql(NpgsqlDataSource source) => new(source, isPostgreSql: true);

    /// <summary>Uses a SQLite file.</summary>
    public static LedgerDatabase InFile(string path) =>
        new(SqliteFactory.Instance.CreateDataSource(new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30 }.ToString()), isPostgreSql: false);

    /// <summary>Whether a setting is a PostgreSQL connection string and not a file path. A password must not become a file name.</summary>
    public static bool IsConnectionString(string database) => ConnectionStringMark().IsMatch(database);

    /// <summary>Creates a data source whose connections use the schema of the inbox.</summary>
    /// <exception cref="SettingsException">The text is not a connection string.</exception>
    public static NpgsqlDataSource CreateSource(string connectionString) => CreateSource(connectionString, s_longestIdle);

    internal static NpgsqlDataSource CreateSource(string connectionString, TimeSpan longestIdle)
    {
        try
        {
            NpgsqlConnectionStringBuilder builder = new(connectionString) { SearchPath = Schema };
            builder.Options = $"{builder.Options} -c idle_in_transaction_session_timeout={(long)longestIdle.TotalMilliseconds}".TrimStart();
            return NpgsqlDataSource.Create(builder);
        }
        catch (ArgumentException)
        {
            // Npgsql's message may contain parts of the text, such as a password, so neither the message nor the exception is passed on.
            throw new SettingsException("Database is not a connection string as Npgsql takes it, such as 'Host=db;Database=export;Username=app;Password=…'.");
        }
    }

    /// <summary>Reads rows.</summary>
    public async Task<List<T>> ReadAsync<T>(string sql, object? values, CancellationToken cancellationToken)
    {
        await using DbConnection connection = await OpenAsync(cancellationToken);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, values, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>Runs statements in a transaction.</summary>
    /// <param name="turn">The turn. Two transactions with the same turn never run at the same time. Null: this transaction does not wait.</param>
    /// <param name="work">The statements.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="isRepeatable">Whether a power failure may undo the work, because it is then repeated. SQLite does not wait for the disk. Default: no.</param>
    public async Task<T> InTransactionAsync<T>(string? turn, Func<LedgerTransaction, Task<T>> work, CancellationToken cancellationToken, bool isRepeatable = false)
    {
        await using DbConnection connection = await OpenAsync(cancellationToken);
        return await InTransactionAsync(connection, turn, work, isRepeatable, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!IsPostgreSql)
        {
            await _source.DisposeAsync();
        }

        _oneWriter?.Dispose();
        _initializing.Dispose();
    }

    internal static long LockOf(string turn) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"AssetExport {turn}")));

    /// <summary>Detects a connection string. Spaces around the equal sign are valid.</summary>
    [GeneratedRegex(@"\b(Host|Server|Password|PWD|PSW)\s*=|://", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ConnectionStringMark();

    private async Task<T> InTransactionAsync<T>(DbConnection connection, string? turn, Func<LedgerTransaction, Task<T>> work, bool isRepeatable, CancellationToken cancellationToken)
    {
        await (_oneWriter?.WaitAsync(cancellationToken) ?? Task.CompletedTask);
        try
        {
            if (!IsPostgreSql)
            {
                // A power failure ends all instances that share the file, so no instance continues with an undone claim. With PostgreSQL, instances
                // on other machines would.
                await connection.ExecuteAsync(isRepeatable ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL");
            }

            // Overrides PostgreSQL's default, because changes made while this transaction waited must be visible. SQLite makes it serializable.
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
        finally
        {
            _oneWriter?.Release();
        }
    }

    private async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        DbConnection connection = await _source.OpenConnectionAsync(cancellationToken);
        try
        {
            if (!_isInitialized)
            {
                await InitializeAsync(connection, cancellationToken);
            }

            if (!IsPostgreSql)
            {
                // In KiB; the default is 2,000. Many connections are open at once, and the system also caches the file.
                await connection.ExecuteAsync("PRAGMA cache_size = -400");
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task InitializeAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await _initializing.WaitAsync(cancellationToken);
        try
        {
            if (!_isInitialized)
            {
                await connection.ExecuteAsync(IsPostgreSql ? "SELECT 1" : "PRAGMA journal_mode = WAL");

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
        }
        catch (DbException exception) when (exception is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_ERROR } or PostgresException { SqlState: PostgresErrorCodes.UndefinedColumn })
        {
            throw new SettingsException("Database has the ledger of an earlier version, which this version does not read. Set Database to a new file or database, then run 'asset-export reconcile --repair': it exports what the destinations lack.");
        }
        finally
        {
            _initializing.Release();
        }
    }

    /// <summary>Stores times as milliseconds since 1970.</summary>
    private sealed class UnixTimeHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => DateTimeOffset.FromUnixTimeMilliseconds((long)value);

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => throw new NotSupportedException("Statements take times as numbers.");
    }
}
