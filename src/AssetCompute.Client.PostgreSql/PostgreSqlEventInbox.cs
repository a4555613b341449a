using System.Data.Common;
using AssetCompute.Client.Inbox;
using Npgsql;
using NpgsqlTypes;

namespace AssetCompute.Client.PostgreSql;

/// <summary>
/// An inbox in a PostgreSQL database (13 or later), shared by any number of processes on any number of machines. Its tables are created and upgraded at the
/// first call.
/// </summary>
/// <remarks>
/// All times are server times: an event that one instance hides is hidden from all others, independent of their clocks. For a completed event, only the id is
/// kept. <see cref="SqlEventInbox.EventsDue"/> reports changes of this instance only. Workers poll for changes of other instances.
/// </remarks>
public sealed class PostgreSqlEventInbox : SqlEventInbox, IAsyncDisposable, IDisposable
{
    private const int MaxCompletedAtOnce = 500;

    private readonly NpgsqlDataSource? _ownDataSource;
    private readonly BatchQueue<InboxDelivery, bool> _completions;

    /// <summary>Creates an inbox on a data source. The owner of the data source disposes it after the inbox.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="schema">The schema of the tables; the name is case-sensitive. Default: <c>asset_compute</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="dataSource"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="schema"/> is not the name of a schema: 1 to 63 bytes in UTF-8, not starting with
    /// <c>pg_</c>.</exception>
    public PostgreSqlEventInbox(NpgsqlDataSource dataSource, string schema = "asset_compute")
        : this(dataSource, new InboxStatements(new InboxSchema(schema)))
    {
    }

    /// <summary>Creates an inbox with its own connections.</summary>
    /// <param name="connectionString">Npgsql's connection string of the database.</param>
    /// <param name="schema">The schema of the tables; the name is case-sensitive. Default: <c>asset_compute</c>.</param>
    /// <exception cref="ArgumentException">An argument is null, empty or not valid.</exception>
    public PostgreSqlEventInbox(string connectionString, string schema = "asset_compute")
        : this(InboxDatabase.CreateDataSource(connectionString), schema) => _ownDataSource = Database.DataSource;

    private PostgreSqlEventInbox(NpgsqlDataSource dataSource, InboxStatements statements)
        : base(statements.Shared)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        Statements = statements;
        Database = new InboxDatabase(dataSource, statements.Schema);
        _completions = new BatchQueue<InboxDelivery, bool>(MaxCompletedAtOnce, CompleteAsync, typeof(PostgreSqlEventInbox));
    }

    internal InboxStatements Statements { get; }

    internal InboxDatabase Database { get; }

    /// <summary>How long disposal waits for completions. Without a limit, a server that does not answer would delay the end of the process.</summary>
    internal TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(10);

    internal override int RemovedAtOnce => 5000;

    /// <summary>
    /// Creates or upgrades the tables. Every other call does this first, so call it only to do this at a specific time, or as a user with more rights than
    /// the application.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="InboxException">The database cannot be reached, the tables are of a later version, or the user is not allowed to create them.</exception>
    public async ValueTask EnsureSchemaAsync(CancellationToken cancellationToken = default) => await ExecuteAsync("SELECT 1", cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Imports the content of another inbox: events with their states and attempts, dead letters, completed ids and the positions of journals, so that no
    /// event is handled again. Stop the readers and workers of both first. Existing events and positions are not changed, so you can repeat the call after a
    /// failure.
    /// </summary>
    /// <param name="source">The other inbox, such as a <c>SqliteEventInbox</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The number of imported events.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="InboxException">One of the stores cannot be used.</exception>
    public async ValueTask<int> ImportAsync(IInboxSource source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        int imported = 0;
        await foreach (InboxRecord[] records in source.ReadAllAsync(cancellationToken).Chunk(100).ConfigureAwait(false))
        {
            imported += await ExecuteAsync(
                Statements.Import,
                cancellationToken,
                Parameter.Array(records.Select(static record => record.Id), NpgsqlDbType.Text),
                Parameter.Array(records.Select(static record => record.Event), NpgsqlDbType.Bytea),
                Parameter.Array(records.Select(static record => record.ReceivedAt), NpgsqlDbType.TimestampTz),
                Parameter.Array(records.Select(static record => record.EndedAt), NpgsqlDbType.TimestampTz),
                Parameter.Array(records.Select(static record => record.IsDeadLetter), NpgsqlDbType.Boolean),
                Parameter.Array(records.Select(static record => record.Attempts), NpgsqlDbType.Integer),
                Parameter.Array(records.Select(static record => record.Reason), NpgsqlDbType.Text),
                Parameter.Array(records.Select(static record => record.DueAt), NpgsqlDbType.TimestampTz),
                Parameter.Array(records.Select(static record => record.WasAbandoned), NpgsqlDbType.Boolean)).ConfigureAwait(false);
        }

        // Positions come last: a position must not be ahead of the events before it.
        IReadOnlyDictionary<string, JournalPosition> positions = await source.ReadCheckpointsAsync(cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(
            Statements.ImportCheckpoints,
            cancellationToken,
            Parameter.Array(positions.Keys, NpgsqlDbType.Text),
            Parameter.Array(positions.Values.Select(static position => position.ToString()), NpgsqlDbType.Text)).ConfigureAwait(false);
        return imported;
    }

    /// <summary>
    /// Completes the calls in progress, for up to 10 seconds, and closes the inbox's own connections. An event whose completion does not reach the server is
    /// delivered again.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _completions.EndAsync().WaitAsync(CloseTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The server does not answer. Events that it has not completed are delivered again.
        }

        if (_ownDataSource is not null)
        {
            await _ownDataSource.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Completes the calls in progress, for up to 10 seconds, and closes the inbox's own connections. Blocks until then; prefer <see cref="DisposeAsync"/>.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult(); // A synchronous container needs it. The queue awaits the database only, so blocking cannot deadlock.

    internal override ValueTask<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object?[] values) => Database.ExecuteAsync(sql, cancellationToken, values);

    internal override ValueTask<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params object?[] values) =>
        Database.QueryAsync(sql, read, cancellationToken, values);

    internal override DateTimeOffset TimeOf(DbDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column);

    internal override async ValueTask<int> StoreAsync(IReadOnlyList<InboxMessage> messages, InboxCheckpoint? checkpoint, CancellationToken cancellationToken)
    {
        List<(bool Held, int Added)> rows =
            await Database.QueryAsync(Statements.Add, static row => (row.GetBoolean(0), row.GetInt32(1)), cancellationToken, ValuesOf(messages, checkpoint)).ConfigureAwait(false);
        return rows[0].Held ? rows[0].Added : throw new JournalLeaseLostException(checkpoint!.Lease!);
    }

    /// <summary>Returns the values of the statement that adds events.</summary>
    internal static object?[] ValuesOf(IReadOnlyList<InboxMessage> messages, InboxCheckpoint? checkpoint) =>
    [
        Parameter.Array(messages.Select(static message => message.Id), NpgsqlDbType.Text),
        Parameter.Array(messages.Select(static message => message.Event), NpgsqlDbType.Bytea),
        checkpoint?.Name,
        checkpoint?.Position.ToString(),
        checkpoint?.Lease?.Name,
        checkpoint?.Lease?.Owner,
        checkpoint?.Lease?.Fence ?? 0,
        Parameter.Array(messages.Select(static message => message.DeadLetterReason), NpgsqlDbType.Text),
    ];

    internal override ValueTask<List<InboxDelivery>> TakeDueAsync(int maxCount, TimeSpan visibilityTimeout, CancellationToken cancellationToken) =>
        QueryAsync(Statements.Take, DeliveryOf, cancellationToken, maxCount, visibilityTimeout);

    // If a caller stops waiting, the batch still completes its event: it is safe to complete an event twice.
    internal override async ValueTask<bool> CompleteAsync(InboxDelivery delivery, CancellationToken cancellationToken) =>
        await _completions.RunAsync(delivery, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);

    private async Task CompleteAsync(List<BatchItem<InboxDelivery, bool>> batch)
    {
        batch.RemoveAll(static item => !item.TryStart());
        List<string> completed = await Database.QueryAsync(
            Statements.CompleteMany,
            static row => row.GetString(0),
            CancellationToken.None,
            Parameter.Array(batch.Select(static item => item.Work.Id), NpgsqlDbType.Text),
            Parameter.Array(batch.Select(static item => item.Work.Receipt), NpgsqlDbType.Text)).ConfigureAwait(false);
        HashSet<string> receipts = [.. completed];
        batch.ForEach(item => item.Complete(receipts.Contains(item.Work.Receipt)));
    }
}
