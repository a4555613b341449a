using System.Globalization;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.PostgreSql.Tests.Server;
using Npgsql;

namespace AssetCompute.Client.PostgreSql.Tests;

/// <summary>Completed events do not slow down the queries for due events.</summary>
/// <remarks>The environment variable <c>INBOX_COMPLETED</c> sets the number of completed events.</remarks>
public sealed class InboxPlanTests(SharedServer server, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly int s_completed =
        int.TryParse(Environment.GetEnvironmentVariable("INBOX_COMPLETED"), CultureInfo.InvariantCulture, out int value) ? value : 50_000;

    private readonly string _schema = server.NewSchema();
    private readonly NpgsqlDataSource _dataSource = NpgsqlDataSource.Create(server.ConnectionString);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        PostgreSqlEventInbox inbox = new(_dataSource, _schema);
        await inbox.EnsureSchemaAsync(Cancellation);
        await ExecuteAsync($"""
            INSERT INTO {_schema}.inbox_events (id, ordinal, attempts, state, due_at, received_at, settled_at)
            SELECT 'urn:example ' || md5(number::text) || number, number, 1, 1, now(), now(), now() FROM generate_series(1, {s_completed}) AS number
            """);
        await ExecuteAsync($"VACUUM ANALYZE {_schema}.inbox_events");

        // These events come after the statistics, which therefore say that no event is waiting.
        await inbox.AddAsync([.. Enumerable.Range(0, 5000).Select(i => new InboxMessage($"waiting-{i}", "{}"u8.ToArray()))], cancellationToken: Cancellation);
    }

    public ValueTask DisposeAsync() => _dataSource.DisposeAsync();

    [Theory]
    [InlineData("auto", false)]
    [InlineData("auto", true)]
    [InlineData("force_generic_plan", true)]
    public async Task CompleteAndTake_ManyCompletedEvents_LooksAtNoneOfThem(string planCacheMode, bool freshStatistics)
    {
        if (freshStatistics)
        {
            await ExecuteAsync($"ANALYZE {_schema}.inbox_events");
        }

        InboxDelivery taken = Assert.Single(await new PostgreSqlEventInbox(_dataSource, _schema).TakeAsync(1, TimeSpan.FromHours(1), Cancellation));
        await using NpgsqlConnection connection = await _dataSource.OpenConnectionAsync(Cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (NpgsqlCommand set = new($"SET LOCAL plan_cache_mode = {planCacheMode}", connection))
        {
            await set.ExecuteNonQueryAsync(Cancellation);
        }

        await using NpgsqlCommand command = InboxDatabase.Command(
            connection,
            "EXPLAIN (ANALYZE, BUFFERS) " + new InboxStatements(new InboxSchema(_schema)).CompleteAndTake,
            new[] { taken.Id },
            new[] { taken.Receipt },
            16,
            TimeSpan.FromMinutes(1),
            true);
        List<string> plan = [];
        await using (NpgsqlDataReader reader = await command.ExecuteReaderAsync(Cancellation))
        {
            while (await reader.ReadAsync(Cancellation))
            {
                plan.Add(reader.GetString(0));
            }
        }

        string text = string.Join('\n', plan);
        output.WriteLine($"{s_completed} completed events:\n{text}");
        Assert.Contains("Index Scan using inbox_events_due", text, StringComparison.Ordinal);
        Assert.Contains("Index Scan using inbox_events_pkey", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Rows Removed by Filter", text, StringComparison.Ordinal);
    }

    private async Task ExecuteAsync(string statement)
    {
        await using NpgsqlCommand command = _dataSource.CreateCommand(statement);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
