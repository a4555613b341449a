using AssetCompute.Client.Inbox;
using Npgsql;
using NpgsqlTypes;

namespace AssetCompute.Client.PostgreSql;

/// <summary>
/// An inbox in a PostgreSQL database (13 or later), shared by as many processes on as many machines as like. Its tables are made, and brought up to
/// date, at the first call.
/// </summary>
/// <remarks>
/// All times are those of the server: what one instance hides or holds must look hidden and held to every other, whatever their clocks say. Of a
/// completed event only its id is kept. <see cref="EventsDue"/> tells of what this instance did, not of others: workers poll for the rest.
/// </remarks>
public sealed class PostgreSqlEventInbox : IEventInbox, IInboxNotifier, IAsyncDisposable, IDisposable
{
    private const int RemovedAtOnce = 5000;
    private static readonly TimeSpan s_longestRetention = TimeSpan.FromDays(365_000);
    private readonly NpgsqlDataSource? _ownDataSource;
    private readonly InboxStatements _statements;
    private readonly InboxDatabase _database;
    private readonly CompletionQueue _completions;

    /// <summary>An inbox on a data source, which its owner disposes after the inbox.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="schema">The schema that holds the tables, by its exact name. Default: <c>asset_compute</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="dataSource"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="schema"/> is no name of a schema: 1 to 63 bytes in UTF-8, not beginning with <c>pg_</c>.</exception>
    public PostgreSqlEventInbox(NpgsqlDataSource dataSource, string schema = "asset_compute")
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        InboxSchema inboxSchema = new(schema);
        _statements = new InboxStatements(inboxSchema);
        _database = new InboxDatabase(dataSource, inboxSchema);
        _completions = new CompletionQueue(_database, _statements);
    }

    /// <summary>An inbox with connections of its own.</summary>
    /// <param name="connectionString">Npgsql's connection string of the database.</param>
    /// <param name="schema">The schema that holds the tables, by its exact name. Default: <c>asset_compute</c>.</param>
    /// <exception cref="ArgumentException">An argument is null, empty or not what it should be.</exception>
    public PostgreSqlEventInbox(string connectionString, string schema = "asset_compute")
        : this(InboxDatabase.CreateDataSource(connectionString), schema) => _ownDataSource = _database.DataSource;

    /// <inheritdoc/>
    public event EventHandler? EventsDue;

    /// <summary>
    /// Makes the tables, or brings them up to date. Every other call does this first, so call it only where it should happen at a time of your
    /// choice, or as a user with more rights than the application has.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="InboxException">The database cannot be reached, the tables are those of a later version, or the user may not make them.</exception>
    public async ValueTask EnsureSchemaAsync(CancellationToken cancellationToken = default) =>
        await _database.ExecuteAsync("SELECT 1", static _ => { }, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Carries the content of another inbox over: events with their states and attempts, dead letters, completed ids and the positions of journals, so that no event is handled again. Stop the
    /// readers and workers of both first. What is here already is left as it is, so the call can be repeated after a failure.
    /// </summary>
    /// <param name="source">The other inbox, such as a <c>SqliteEventInbox</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many events were new here.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="InboxException">One of the stores cannot be used.</exception>
    public async ValueTask<int> ImportAsync(IInboxSource source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        int imported = 0;
        await foreach (InboxRecord[] records in source.ReadAllAsync(cancellationToken).Chunk(100).ConfigureAwait(false))
        {
            imported += await _database.ExecuteAsync(
                _statements.Import,
                parameters =>
                {
                    parameters.Add(Parameter.Of(Array.ConvertAll(records, static record => record.Id), NpgsqlDbType.Array | NpgsqlDbType.Text));
                    parameters.Add(Parameter.Of(Array.ConvertAll(records, static record => record.Event), NpgsqlDbType.Array | NpgsqlDbType.Bytea));
                    parameters.Add(Parameter.Of(Array.ConvertAll(records, static record => record.ReceivedAt), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz));
                    parameters.Add(Parameter.Of(Array.ConvertAll(records, static record => record.EndedAt), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz));
                    parameters.Add(Parameter.Of(Array.ConvertAll(records, static record => record.IsDeadLetter), NpgsqlDbType.Array | NpgsqlDbType.Boolean));
                    parameters.Add(Parameter.Of(Array.ConvertAll(records, static record => record.Attempts), NpgsqlDbType.Array | NpgsqlDbType.Integer));
                    parameters.Add(Parameter.Of(Array.ConvertAll(records, static record => record.Reason), NpgsqlDbType.Array | NpgsqlDbType.Text));
                    parameters.Add(Parameter.Of(Array.ConvertAll(records, static record => record.DueAt), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz));
                    parameters.Add(Parameter.Of(Array.ConvertAll(records, static record => record.WasAbandoned), NpgsqlDbType.Array | NpgsqlDbType.Boolean));
                },
                cancellationToken).ConfigureAwait(false);
        }

        // Last: a position must not be ahead of the events before it.
        IReadOnlyDictionary<string, JournalPosition> positions = await source.ReadCheckpointsAsync(cancellationToken).ConfigureAwait(false);
        await _database.ExecuteAsync(
            _statements.ImportCheckpoints,
            parameters =>
            {
                parameters.Add(Parameter.Of(positions.Keys.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text));
                parameters.Add(Parameter.Of(positions.Values.Select(static position => position.ToString()).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text));
            },
            cancellationToken).ConfigureAwait(false);
        return imported;
    }

    /// <inheritdoc/>
    public async ValueTask<int> AddAsync(IReadOnlyList<InboxMessage> messages, InboxCheckpoint? checkpoint = null, CancellationToken cancellationToken = default)
    {
        InboxArguments.CheckMessages(messages);
        string[] ids = new string[messages.Count];
        string?[] reasons = new string?[messages.Count];
        ReadOnlyMemory<byte>[] bodies = new ReadOnlyMemory<byte>[messages.Count];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = messages[i].Id;
            bodies[i] = messages[i].Event;
            reasons[i] = messages[i].DeadLetterReason;
        }

        if (ids.Length == 0 && checkpoint is null)
        {
            return 0;
        }

        (bool held, int added) = await _database.QueryAsync(
            _statements.Add,
            parameters =>
            {
                parameters.Add(Parameter.Of(ids, NpgsqlDbType.Array | NpgsqlDbType.Text));
                parameters.Add(Parameter.Of(bodies, NpgsqlDbType.Array | NpgsqlDbType.Bytea));
                parameters.Add(Parameter.Text(checkpoint?.Name));
                parameters.Add(Parameter.Text(checkpoint?.Position.ToString()));
                parameters.Add(Parameter.Text(checkpoint?.Lease?.Name));
                parameters.Add(Parameter.Text(checkpoint?.Lease?.Owner));
                parameters.Add(Parameter.Of(checkpoint?.Lease?.Fence ?? 0, NpgsqlDbType.Bigint));
                parameters.Add(Parameter.Of(reasons, NpgsqlDbType.Array | NpgsqlDbType.Text));
            },
            static async (reader, token) =>
            {
                await reader.ReadAsync(token).ConfigureAwait(false);
                return (reader.GetBoolean(0), reader.GetInt32(1));
            },
            cancellationToken).ConfigureAwait(false);
        if (!held)
        {
            throw new JournalLeaseLostException(checkpoint!.Lease!);
        }

        if (added > 0)
        {
            EventsDue?.Invoke(this, EventArgs.Empty);
        }

        return added;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<InboxDelivery>> TakeAsync(int maxCount, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default)
    {
        InboxArguments.CheckCount(maxCount, nameof(maxCount));
        InboxArguments.CheckDuration(visibilityTimeout, nameof(visibilityTimeout));
        return await _database.QueryAsync(
            _statements.Take,
            parameters =>
            {
                parameters.Add(Parameter.Of(maxCount, NpgsqlDbType.Integer));
                parameters.Add(Parameter.Of(visibilityTimeout, NpgsqlDbType.Interval));
            },
            static (reader, token) => InboxRows.ReadAsync(reader, InboxRows.Delivery, token),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RenewAsync(InboxDelivery delivery, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        InboxArguments.CheckDuration(visibilityTimeout, nameof(visibilityTimeout));
        return await UpdateTakenAsync(_statements.Renew, delivery, parameters => parameters.Add(Parameter.Of(visibilityTimeout, NpgsqlDbType.Interval)), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SettleAsync(InboxDelivery delivery, InboxOutcome outcome, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentNullException.ThrowIfNull(outcome);
        cancellationToken.ThrowIfCancellationRequested();
        bool settled = outcome.Kind switch
        {
            InboxOutcomeKind.Completed => InboxRows.TryReadReceipt(delivery, out Guid receipt) && await _completions.CompleteAsync(delivery.Id, receipt, cancellationToken).ConfigureAwait(false),
            InboxOutcomeKind.DeadLetter => await UpdateTakenAsync(_statements.GiveUp, delivery, parameters => parameters.Add(Parameter.Text(outcome.Reason)), cancellationToken).ConfigureAwait(false),
            InboxOutcomeKind.Returned => await UpdateTakenAsync(_statements.Return, delivery, parameters => parameters.Add(Parameter.Of(delivery.WasAbandoned, NpgsqlDbType.Boolean)), cancellationToken).ConfigureAwait(false),
            _ => await UpdateTakenAsync(
                _statements.Retry,
                delivery,
                parameters =>
                {
                    parameters.Add(Parameter.Text(outcome.Reason));
                    parameters.Add(Parameter.Of(outcome.Delay, NpgsqlDbType.Interval));
                },
                cancellationToken).ConfigureAwait(false),
        };
        if (settled && outcome.Delay == TimeSpan.Zero && outcome.Kind is InboxOutcomeKind.Retry or InboxOutcomeKind.Returned)
        {
            EventsDue?.Invoke(this, EventArgs.Empty);
        }

        return settled;
    }

    /// <inheritdoc/>
    public async ValueTask<InboxCounts> CountAsync(CancellationToken cancellationToken = default) =>
        await _database.QueryAsync(
            _statements.Count,
            static _ => { },
            static async (reader, token) =>
            {
                await reader.ReadAsync(token).ConfigureAwait(false);
                return new InboxCounts(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
            },
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<InboxDeadLetter>> ReadDeadLettersAsync(int maxCount, CancellationToken cancellationToken = default)
    {
        InboxArguments.CheckCount(maxCount, nameof(maxCount));
        return await _database.QueryAsync(
            _statements.ReadDeadLetters,
            parameters => parameters.Add(Parameter.Of(maxCount, NpgsqlDbType.Integer)),
            static (reader, token) => InboxRows.ReadAsync(reader, InboxRows.DeadLetter, token),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RequeueAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (await _database.ExecuteAsync(_statements.Requeue, parameters => parameters.Add(Parameter.Text(id)), cancellationToken).ConfigureAwait(false) == 0)
        {
            return false;
        }

        EventsDue?.Invoke(this, EventArgs.Empty);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<int> RemoveCompletedAsync(TimeSpan retention, CancellationToken cancellationToken = default)
    {
        InboxArguments.CheckRetention(retention, nameof(retention));

        // Many short transactions, so that nobody waits for a long one.
        int removed = 0;
        int last;
        do
        {
            last = await _database.ExecuteAsync(
                _statements.RemoveCompleted,
                parameters =>
                {
                    parameters.Add(Parameter.Of(retention < s_longestRetention ? retention : s_longestRetention, NpgsqlDbType.Interval));
                    parameters.Add(Parameter.Of(RemovedAtOnce, NpgsqlDbType.Integer));
                },
                cancellationToken).ConfigureAwait(false);
            removed += last;
        }
        while (last == RemovedAtOnce);
        return removed;
    }

    /// <inheritdoc/>
    public ValueTask<JournalPosition?> LoadCheckpointAsync(string name, CancellationToken cancellationToken = default) => _database.LoadCheckpointAsync(_statements, name, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<JournalLease?> TryAcquireLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default) =>
        _database.TryAcquireLeaseAsync(_statements, name, owner, duration, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ReleaseLeaseAsync(JournalLease lease, CancellationToken cancellationToken = default) => _database.ReleaseLeaseAsync(_statements, lease, cancellationToken);

    /// <summary>Waits for what is being completed, and closes the connections, where they are the inbox's own.</summary>
    public async ValueTask DisposeAsync()
    {
        await _completions.EndAsync().ConfigureAwait(false);
        if (_ownDataSource is not null)
        {
            await _ownDataSource.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Waits for what is being completed, and closes the connections, where they are the inbox's own.</summary>
    public void Dispose()
    {
        // What completes waits for the database only, so this cannot lock up.
        _completions.EndAsync().GetAwaiter().GetResult();
        _ownDataSource?.Dispose();
    }

    private async ValueTask<bool> UpdateTakenAsync(string statement, InboxDelivery delivery, Action<NpgsqlParameterCollection> bindRest, CancellationToken cancellationToken)
    {
        // A receipt of another kind of inbox is none of a delivery of this one.
        if (!InboxRows.TryReadReceipt(delivery, out Guid receipt))
        {
            return false;
        }

        int updated = await _database.ExecuteAsync(
            statement,
            parameters =>
            {
                parameters.Add(Parameter.Text(delivery.Id));
                parameters.Add(Parameter.Of(receipt, NpgsqlDbType.Uuid));
                bindRest(parameters);
            },
            cancellationToken).ConfigureAwait(false);
        return updated > 0;
    }
}
