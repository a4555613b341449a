using AssetCompute.Client.Inbox;
using Npgsql;
using NpgsqlTypes;
using Polly;
using Polly.Retry;

namespace AssetCompute.Client.PostgreSql;

/// <summary>Runs statements: on tables that are there, again where the server asks for it, with failures that say what to do.</summary>
internal sealed class InboxDatabase(NpgsqlDataSource dataSource, InboxSchema schema)
{
    /// <summary>The server has rolled such a statement back as a whole, and takes it at another moment.</summary>
    private static readonly ResiliencePipeline s_retry = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<PostgresException>(static exception =>
                exception.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected),
            MaxRetryAttempts = 5,
            Delay = TimeSpan.FromMilliseconds(10),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
        })
        .Build();

    private volatile bool _ready;

    public NpgsqlDataSource DataSource => dataSource;

    public static NpgsqlDataSource CreateDataSource(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        try
        {
            return NpgsqlDataSource.Create(connectionString);
        }
        catch (ArgumentException)
        {
            // Npgsql's message may repeat parts of the text (all of a URL, say), a password among them: neither it nor the exception goes on.
            throw new ArgumentException("The text is not a connection string as Npgsql takes it, such as 'Host=db;Database=events;Username=app;Password=…'.", nameof(connectionString));
        }
    }

    /// <summary>How many rows were changed.</summary>
    public ValueTask<int> ExecuteAsync(string statement, Action<NpgsqlParameterCollection> bind, CancellationToken cancellationToken) =>
        RunAsync(statement, bind, static (command, token) => command.ExecuteNonQueryAsync(token), cancellationToken);

    /// <summary>What is read of the rows.</summary>
    public ValueTask<T> QueryAsync<T>(string statement, Action<NpgsqlParameterCollection> bind, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        RunAsync(
            statement,
            bind,
            async (command, token) =>
            {
                NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    T result = await read(reader, token).ConfigureAwait(false);

                    // To the very end: the server commits after it has sent the rows, and may fail to.
                    while (await reader.NextResultAsync(token).ConfigureAwait(false))
                    {
                    }

                    return result;
                }
            },
            cancellationToken);

    /// <summary>The position of a checkpoint; null where there is none.</summary>
    public async ValueTask<JournalPosition?> LoadCheckpointAsync(InboxStatements statements, string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string? position = await QueryAsync(
            statements.LoadCheckpoint,
            parameters => parameters.Add(Parameter.Text(name)),
            static async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false) ? reader.GetString(0) : null,
            cancellationToken).ConfigureAwait(false);
        return position is null ? null : InboxRefusals.Position(name, position);
    }

    public async ValueTask<JournalLease?> TryAcquireLeaseAsync(InboxStatements statements, string name, string owner, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(owner);
        InboxArguments.CheckDuration(duration, nameof(duration));
        return await QueryAsync(
            statements.AcquireLease,
            parameters =>
            {
                parameters.Add(Parameter.Text(name));
                parameters.Add(Parameter.Text(owner));
                parameters.Add(Parameter.Of(duration, NpgsqlDbType.Interval));
            },
            async (reader, token) => await reader.ReadAsync(token).ConfigureAwait(false) ? new JournalLease(name, owner, reader.GetInt64(0)) : null,
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask ReleaseLeaseAsync(InboxStatements statements, JournalLease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        await ExecuteAsync(
            statements.ReleaseLease,
            parameters =>
            {
                parameters.Add(Parameter.Text(lease.Name));
                parameters.Add(Parameter.Text(lease.Owner));
                parameters.Add(Parameter.Of(lease.Fence, NpgsqlDbType.Bigint));
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs on a connection, on tables that are there.</summary>
    public async ValueTask<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await s_retry.ExecuteAsync(
                async token =>
                {
                    NpgsqlConnection connection = await dataSource.OpenConnectionAsync(token).ConfigureAwait(false);
                    await using (connection.ConfigureAwait(false))
                    {
                        if (!_ready)
                        {
                            await schema.EnsureAsync(connection, token).ConfigureAwait(false);
                            _ready = true;
                        }

                        return await run(connection, token).ConfigureAwait(false);
                    }
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException exception)
        {
            // A connection that breaks while it is being cancelled was cancelled.
            cancellationToken.ThrowIfCancellationRequested();
            throw new InboxException(Describe(exception), exception);
        }
    }

    private ValueTask<T> RunAsync<T>(string statement, Action<NpgsqlParameterCollection> bind, Func<NpgsqlCommand, CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        RunAsync(
            async (connection, token) =>
            {
                NpgsqlCommand command = new(statement, connection);
                await using (command.ConfigureAwait(false))
                {
                    bind(command.Parameters);
                    return await run(command, token).ConfigureAwait(false);
                }
            },
            cancellationToken);

    private string Describe(NpgsqlException exception) => (exception as PostgresException)?.SqlState switch
    {
        PostgresErrorCodes.InsufficientPrivilege =>
            $"PostgreSQL refused: {Said(exception)}. The inbox's user needs USAGE on the schema '{schema.Name}' and SELECT, INSERT, UPDATE and DELETE on its tables; to make or upgrade them, CREATE on the schema, and on the database where the schema is missing.",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            "PostgreSQL is read-only here: a standby, mostly. Let the connection string name the primary, or all servers with Target Session Attributes=read-write.",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedColumn =>
            $"The inbox's tables in the schema '{schema.Name}' are not what they were when this instance began: {Said(exception)}. Restore them, or start the instance anew to make them.",
        PostgresErrorCodes.TooManyConnections =>
            $"PostgreSQL has no connection left: {Said(exception)}. Lower Maximum Pool Size in the connection strings, or put a pooler between.",
        PostgresErrorCodes.QueryCanceled =>
            "PostgreSQL ended the statement, as its statement_timeout or an administrator says: try again.",
        { } state => exception.IsTransient || state.StartsWith("57P", StringComparison.Ordinal)
            ? $"PostgreSQL cannot do this now: {Said(exception)} ({state}). Try again."
            : $"PostgreSQL refused: {Said(exception)} ({state}). Trying again will not help as long as its cause is there.",
        null when exception.InnerException is TimeoutException =>
            $"PostgreSQL did not answer in time: {exception.Message} Try again; where it stays so, look for locks and load.",
        null =>
            $"PostgreSQL cannot be reached: {exception.Message} Try again; where it stays so, check that the server runs and that the connection string is right.",
    };

    /// <summary>The first line: details may hold values of rows.</summary>
    private static string Said(NpgsqlException exception) => ((PostgresException)exception).MessageText;
}
