using AssetCompute.Client.Inbox;
using Npgsql;
using NpgsqlTypes;
using Polly;
using Polly.Retry;

namespace AssetCompute.Client.PostgreSql;

/// <summary>Runs statements. Creates the tables first, retries if the server asks for it, and throws exceptions that say what to do.</summary>
internal sealed class InboxDatabase(NpgsqlDataSource dataSource, InboxSchema schema)
{
    /// <summary>Retries statements that the server has rolled back completely, and that can succeed later.</summary>
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
            NpgsqlConnectionStringBuilder settings = new(connectionString);
            if (!settings.NoResetOnClose && !settings.ShouldSerialize("Max Auto Prepare"))
            {
                // A plan may be made while the tables are empty, to read them from end to end. Its cost is then set so high that the server would compile it.
                (settings.MaxAutoPrepare, settings.AutoPrepareMinUsages, settings.NoResetOnClose) = (20, 2, true);
                settings.Options = $"{settings.Options} -c enable_seqscan=off -c jit=off".TrimStart();
            }

            return NpgsqlDataSource.Create(settings);
        }
        catch (ArgumentException)
        {
            // Npgsql's message may repeat parts of the text (for example a whole URL), including a password, so neither the message nor the exception is
            // passed on.
            throw new ArgumentException("The text is not a valid Npgsql connection string, such as 'Host=db;Database=events;Username=app;Password=…'.", nameof(connectionString));
        }
    }

    /// <summary>Returns the number of changed rows.</summary>
    public ValueTask<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object?[] values) =>
        RunAsync((connection, token) => ExecuteAsync(connection, sql, token, values), cancellationToken);

    /// <summary>Returns the number of changed rows, on a connection.</summary>
    public static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object?[] values)
    {
        using NpgsqlCommand command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns the first value of the first row, on a connection.</summary>
    public static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params object?[] values)
    {
        using NpgsqlCommand command = Command(connection, sql, values);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Creates a command with positional parameters, which runs in the connection's transaction if there is one.</summary>
    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object?[] values)
    {
        NpgsqlCommand command = new(sql, connection);
        foreach (object? value in values)
        {
            // Npgsql derives the type from the value. A null is a text: no other value of a statement can be null.
            command.Parameters.Add(value is null ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text } : new NpgsqlParameter { Value = value });
        }

        return command;
    }

    /// <summary>Returns the rows of a query.</summary>
    public ValueTask<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object?[] values) =>
        RunAsync(
            async (connection, token) =>
            {
                using NpgsqlCommand command = Command(connection, sql, values);
                NpgsqlDataReader reader = await command.ExecuteReaderAsync(token).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    List<T> all = [];
                    while (await reader.ReadAsync(token).ConfigureAwait(false))
                    {
                        all.Add(read(reader));
                    }

                    // Reads to the end: the server commits after it has sent the rows, and the commit may fail.
                    await reader.NextResultAsync(token).ConfigureAwait(false);
                    return all;
                }
            },
            cancellationToken);

    /// <summary>Runs on a connection, after the tables are created.</summary>
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
            // If a connection breaks during a cancellation, the call was canceled.
            cancellationToken.ThrowIfCancellationRequested();
            throw new InboxException(Describe(exception), exception);
        }
    }

    private string Describe(NpgsqlException exception) => (exception as PostgresException)?.SqlState switch
    {
        PostgresErrorCodes.InsufficientPrivilege =>
            $"PostgreSQL refused: {Said(exception)}. The inbox's user needs USAGE on the schema '{schema.Name}' and SELECT, INSERT, UPDATE and DELETE on its tables; to make or upgrade them, CREATE on the schema, and on the database where the schema is missing.",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            "PostgreSQL is read-only here, probably because it is a standby. Use a connection string that names the primary, or all servers with Target Session Attributes=read-write.",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedColumn =>
            $"The inbox's tables in the schema '{schema.Name}' have changed since this instance started: {Said(exception)}. Restore them, or restart the instance to create them.",
        PostgresErrorCodes.TooManyConnections =>
            $"PostgreSQL has no connection left: {Said(exception)}. Lower Maximum Pool Size in the connection strings, or use a pooler.",
        PostgresErrorCodes.QueryCanceled =>
            "PostgreSQL canceled the statement, because of its statement_timeout or an administrator: try again.",
        { } state => exception.IsTransient || state.StartsWith("57P", StringComparison.Ordinal)
            ? $"PostgreSQL cannot do this now: {Said(exception)} ({state}). Try again."
            : $"PostgreSQL refused: {Said(exception)} ({state}). Trying again does not help until the cause is fixed.",
        null when exception.InnerException is TimeoutException =>
            $"PostgreSQL did not answer in time: {exception.Message} Try again. If this continues, look for locks and load.",
        null =>
            $"PostgreSQL cannot be reached: {exception.Message} Try again. If this continues, check that the server runs and that the connection string is right.",
    };

    /// <summary>Returns the first line of the message: the details may contain values of rows.</summary>
    private static string Said(NpgsqlException exception) => ((PostgresException)exception).MessageText;
}
