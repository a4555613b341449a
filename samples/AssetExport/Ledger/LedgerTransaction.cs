using System.Data.Common;
using Dapper;

namespace AssetExport;

/// <summary>Runs the statements of a transaction of the ledger.</summary>
internal sealed class LedgerTransaction(DbTransaction transaction, bool isPostgreSql, CancellationToken cancellationToken)
{
    /// <returns>The number of changed rows.</returns>
    public Task<int> ExecuteAsync(string sql, object? values) => transaction.Connection!.ExecuteAsync(Command(sql, values));

    public async Task<List<T>> QueryAsync<T>(string sql, object? values) => (await transaction.Connection!.QueryAsync<T>(Command(sql, values))).AsList();

    /// <summary>Waits until no other instance has the turn, and keeps it until the transaction ends. In SQLite, the single writer always has the turn.</summary>
    public Task TakeTurnAsync(string turn) => isPostgreSql ? ExecuteAsync("SELECT pg_advisory_xact_lock(@key)", new { key = LedgerDatabase.LockOf(turn) }) : Task.CompletedTask;

    private CommandDefinition Command(string sql, object? values) => new(sql, values, transaction, cancellationToken: cancellationToken);
}
