using System.Data;
using System.Runtime.ExceptionServices;
using AssetCompute.Client.Inbox;
using Npgsql;

namespace AssetCompute.Client.PostgreSql;

/// <summary>
/// Stores the checkpoints and the leases of journal relays in a PostgreSQL database (13 or later), for many processes. A sink that writes to the same
/// database can commit its page together with the checkpoint with <see cref="CommitAsync"/>.
/// </summary>
/// <remarks>All times are server times. The tables are those of the inbox, which may be in the same schema. They are created at the first call.</remarks>
public sealed class PostgreSqlJournalStore : IJournalRelayStore
{
    private readonly SqlEventInbox _inbox;
    private readonly InboxDatabase _database;
    private readonly InboxStatements _statements;

    /// <summary>Creates a store on a data source. The owner of the data source disposes it after the store.</summary>
    /// <param name="dataSource">The database.</param>
    /// <param name="schema">The schema of the tables; the name is case-sensitive. Default: <c>asset_compute</c>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="dataSource"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="schema"/> is not the name of a schema: 1 to 63 bytes in UTF-8, not starting with
    /// <c>pg_</c>.</exception>
    public PostgreSqlJournalStore(NpgsqlDataSource dataSource, string schema = "asset_compute")
    {
        ArgumentNullException.ThrowIfNull(dataSource);
        PostgreSqlEventInbox inbox = new(dataSource, schema);
        (_inbox, _database, _statements) = (inbox, inbox.Database, inbox.Statements);
    }

    /// <summary>Commits the writes of a sink and the checkpoint of its page in one transaction, under the lease of the page.</summary>
    /// <param name="page">The page. <see cref="JournalRelayPage.IsSaved"/> is set.</param>
    /// <param name="write">
    /// Writes the events with the transaction. It must not commit the transaction. Its exceptions are passed on unchanged, and nothing is committed. It is
    /// called again if saving the checkpoint fails temporarily, for example with a deadlock.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
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
                    object?[] values = PostgreSqlEventInbox.ValuesOf([], new InboxCheckpoint(page.Name, page.Position, page.Lease));
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

    /// <inheritdoc/>
    public ValueTask<JournalPosition?> LoadCheckpointAsync(string name, CancellationToken cancellationToken = default) => _inbox.LoadCheckpointAsync(name, cancellationToken);

    /// <inheritdoc/>
    public ValueTask SaveCheckpointAsync(string name, JournalPosition position, JournalLease lease, CancellationToken cancellationToken = default) =>
        ((IJournalRelayStore)_inbox).SaveCheckpointAsync(name, position, lease, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<JournalLease?> TryAcquireLeaseAsync(string name, string owner, TimeSpan duration, CancellationToken cancellationToken = default) =>
        _inbox.TryAcquireLeaseAsync(name, owner, duration, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ReleaseLeaseAsync(JournalLease lease, CancellationToken cancellationToken = default) => _inbox.ReleaseLeaseAsync(lease, cancellationToken);
}
