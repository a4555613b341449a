using System.Data;
using System.Data.Common;
using System.Runtime.ExceptionServices;
using AssetCompute.Client.Inbox;
using Npgsql;

namespace AssetCompute.Client.PostgreSql;

/// <summary>
/// An inbox in a PostgreSQL database (13 or later), shared by any number of processes on any number of machines. It also stores the checkpoints and leases of
/// journal relays. Its tables are created and upgraded at the first call.
/// </summary>
/// <remarks>
/// All times are server times: an event that one instance hides is hidden from all others, independent of their clocks. For a completed event, only the id is
/// kept. <see cref="SqlEventInbox.EventsDue"/> reports changes of this instance only. Workers poll for changes of other instances.
/// </remarks>
public sealed class PostgreSqlEventInbox : SqlEventInbox, IAsyncDisposable, IDisposable
{
    private const int MaxCompletedAtOnce = 500;

    private readonly InboxStatements _statements;
    private readonly InboxDatabase _database;
    private readonly NpgsqlDataSource? _ownDataSource;
    private readonly BatchQueue<(InboxDelivery Delivery, TimeSpan? VisibilityTimeout), InboxCompletion> _completions;

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
        : this(InboxDatabase.CreateDataSource(connectionString), schema) => _ownDataSource = _database.DataSource;

    private PostgreSqlEventInbox(NpgsqlDataSource dataSource, InboxStatements statements)
        : base(statements.Shared)
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        _statements = statements;
        _database = new InboxDatabase(dataSource, statements.Schema);
        _completions = new(MaxCompletedAtOnce, CompleteAsync, typeof(PostgreSqlEventInbox));
    }

    /// <summary>How long disposal waits for completions. Without a limit, a server that does not answer would delay the end of the process.</summary>
    internal TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(10);

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
                _statements.Import,
                cancellationToken,
                records.Select(static record => record.Id).ToArray(),
                records.Select(static record => record.Event).ToArray(),
                records.Select(static record => record.ReceivedAt).ToArray(),
                records.Select(static record => record.EndedAt).ToArray(),
                records.Select(static record => record.IsDeadLetter).ToArray(),
                records.Select(static record => record.Attempts).ToArray(),
                records.Select(static record => record.Reason).ToArray(),
                records.Select(static record => record.DueAt).ToArray(),
                records.Select(static record => record.WasAbandoned).ToArray()).ConfigureAwait(false);
        }

        // Positions come last: a position must not be ahead of the events before it.
        IReadOnlyDictionary<string, JournalPosition> positions = await source.ReadCheckpointsAsync(cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(
            _statements.ImportCheckpoints,
            cancellationToken,
            positions.Keys.ToArray(),
            positions.Values.Select(static position => position.ToString()).ToArray()).ConfigureAwait(false);
        return imported;
    }

    /// <summary>Commits the writes of a journal sink and the checkpoint of its page in one transaction, under the lease of the page.</summary>
    /// <param name="page">The page. <see cref="JournalRelayPage.IsSaved"/> is set.</param>
    /// <param name="write">
    /// Writes the events with the transaction. It must not commit the transaction. Its exceptions are passed on unchanged, and nothing is committed. It is
    /// called again if saving the checkpoint fails temporarily, for example with a deadlock.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ArgumentNullException"><paramref name="page"/> or <paramref name="write"/> is null.</exception>
    /// <exception cref="JournalLeaseLostException">The lease has ended or belongs to another owner; nothing was committed.</exception>
    /// <exception cref="InboxException">The database cannot be reached or used; nothing was committed, or the commit was not confirmed.</exception>
    public async ValueTask CommitAsync(JournalRelayPage page, Func<NpgsqlTransaction, CancellationToken, ValueTask> write, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(write);
        ExceptionDispatchInfo? failure = null;
        await _database.RunAsync(
            async (connection, token) =>
            {
                NpgsqlTransaction transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, token).ConfigureAwait(false);
                await using (transaction.ConfigureAwait(false))
                {
                    try
                    {
                        await write(transaction, token).ConfigureAwait(false);
                    }
                    catch (NpgsqlException exception) when (!token.IsCancellationRequested)
                    {
                        // The caller's own statement: it is not retried here, and its error is not described as one of the inbox.
                        failure = ExceptionDispatchInfo.Capture(exception);
                        return false;
                    }

                    // Last, and with the current time: the lease is locked only until the commit, and no other owner can have acquired it by then.
                    object?[] values = ValuesOf([], new InboxCheckpoint(page.Name, page.Position, page.Lease));
                    if (await InboxDatabase.ScalarAsync(connection, _statements.Add, token, values).ConfigureAwait(false) is not true)
                    {
                        throw new JournalLeaseLostException(page.Lease);
                    }

                    await transaction.CommitAsync(token).ConfigureAwait(false);
                    return true;
                }
            },
            cancellationToken).ConfigureAwait(false);
        failure?.Throw();
        page.IsSaved = true;
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

    internal override ValueTask<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object?[] values) => _database.ExecuteAsync(sql, cancellationToken, values);

    internal override ValueTask<List<T>> QueryAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken, params object?[] values) =>
        _database.QueryAsync(sql, read, cancellationToken, values);

    internal override DateTimeOffset TimeOf(DbDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column);

    internal override async ValueTask<int> StoreAsync(IReadOnlyList<InboxMessage> messages, InboxCheckpoint? checkpoint, CancellationToken cancellationToken)
    {
        List<(bool Held, int Added)> rows =
            await _database.QueryAsync(_statements.Add, static row => (row.GetBoolean(0), row.GetInt32(1)), cancellationToken, ValuesOf(messages, checkpoint)).ConfigureAwait(false);
        return rows[0].Held ? rows[0].Added : throw new JournalLeaseLostException(checkpoint!.Lease!);
    }

    internal override async ValueTask<List<InboxDelivery>> TakeDueAsync(int maxCount, TimeSpan visibilityTimeout, CancellationToken cancellationToken) =>
        (await CompleteAndTakeAsync([], maxCount, visibilityTimeout, takesAbandoned: true, cancellationToken).ConfigureAwait(false)).Taken;

    // If a caller stops waiting, the batch still completes its event: it is safe to complete an event twice.
    internal override async ValueTask<InboxCompletion> CompleteAsync(InboxDelivery delivery, TimeSpan? visibilityTimeout, CancellationToken cancellationToken) =>
        await _completions.RunAsync((delivery, visibilityTimeout), cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);

    private async Task CompleteAsync(List<BatchItem<(InboxDelivery Delivery, TimeSpan? VisibilityTimeout), InboxCompletion>> batch)
    {
        batch.RemoveAll(static item => !item.TryStart());
        if (batch.Count == 0)
        {
            return;
        }

        // All workers of a process have the same visibility timeout. A caller with a shorter one takes nothing here.
        TimeSpan? visibilityTimeout = batch.Max(static item => item.Work.VisibilityTimeout);
        int wanted = visibilityTimeout is null ? 0 : batch.Count(item => item.Work.VisibilityTimeout == visibilityTimeout);
        (string[] receipts, List<InboxDelivery> taken) = await CompleteAndTakeAsync(
            [.. batch.Select(static item => item.Work.Delivery)], wanted, visibilityTimeout ?? TimeSpan.Zero, takesAbandoned: false, CancellationToken.None).ConfigureAwait(false);
        Queue<InboxDelivery> next = new(taken);
        foreach (BatchItem<(InboxDelivery Delivery, TimeSpan? VisibilityTimeout), InboxCompletion> item in batch)
        {
            bool takes = item.Work.VisibilityTimeout == visibilityTimeout;
            item.TrySetResult(new InboxCompletion(receipts.Contains(item.Work.Delivery.Receipt), takes && next.TryDequeue(out InboxDelivery? delivery) ? delivery : null));
        }
    }

    /// <summary>Returns the values of the statement that adds events.</summary>
    private static object?[] ValuesOf(IReadOnlyList<InboxMessage> messages, InboxCheckpoint? checkpoint) =>
    [
        messages.Select(static message => message.Id).ToArray(),
        messages.Select(static message => message.Event).ToArray(),
        checkpoint?.Name,
        checkpoint?.Position.ToString(),
        checkpoint?.Lease?.Name,
        checkpoint?.Lease?.Owner,
        checkpoint?.Lease?.Fence ?? 0,
        messages.Select(static message => message.DeadLetterReason).ToArray(),
    ];

    private async Task<(string[] Receipts, List<InboxDelivery> Taken)> CompleteAndTakeAsync(
        InboxDelivery[] completed, int maxCount, TimeSpan visibilityTimeout, bool takesAbandoned, CancellationToken cancellationToken)
    {
        List<(string[] Receipts, InboxDelivery? Taken)> rows = await _database.QueryAsync(
            _statements.CompleteAndTake,
            row => (row.IsDBNull(7) ? [] : row.GetFieldValue<string[]>(7), row.IsDBNull(0) ? null : DeliveryOf(row)),
            cancellationToken,
            completed.Select(static delivery => delivery.Id).ToArray(),
            completed.Select(static delivery => delivery.Receipt).ToArray(),
            maxCount,
            visibilityTimeout,
            takesAbandoned).ConfigureAwait(false);
        return (rows[0].Receipts, [.. rows.Select(static row => row.Taken).OfType<InboxDelivery>()]);
    }
}
