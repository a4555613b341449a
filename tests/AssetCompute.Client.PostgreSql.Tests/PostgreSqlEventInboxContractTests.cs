using AssetCompute.Client.Inbox;
using AssetCompute.Client.PostgreSql.Tests.Server;
using AssetCompute.Client.Tests.Inbox;
using Npgsql;

namespace AssetCompute.Client.PostgreSql.Tests;

/// <summary>The common inbox contract, on PostgreSQL.</summary>
public sealed class PostgreSqlEventInboxContractTests : EventInboxContract
{
    private readonly string _schema;
    private readonly NpgsqlDataSource _dataSource;

    public PostgreSqlEventInboxContractTests(SharedServer server)
    {
        _schema = server.NewSchema();
        _dataSource = NpgsqlDataSource.Create(server.ConnectionString);
    }

    protected override DateTimeOffset Now => DateTimeOffset.UtcNow;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _dataSource.DisposeAsync();
    }

    protected override ValueTask<IEventInbox> OpenAsync() => new(new PostgreSqlEventInbox(_dataSource, _schema));

    /// <summary>Moves all stored times backward, because the server's clock cannot be moved forward.</summary>
    protected override async Task AdvanceAsync(TimeSpan duration)
    {
        await using NpgsqlCommand command = _dataSource.CreateCommand($"""
            WITH leases AS (UPDATE {_schema}.inbox_leases SET expires_at = expires_at - $1)
            UPDATE {_schema}.inbox_events SET due_at = due_at - $1, settled_at = settled_at - $1
            """);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = duration });
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
