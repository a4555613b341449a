using AssetCompute.Client.PostgreSql.Tests.Server;
using Npgsql;

namespace AssetCompute.Client.PostgreSql.Tests;

/// <summary>A sink in the same database commits its page and the checkpoint together, and commits nothing under an expired lease.</summary>
public sealed class InboxCommitTests(SharedServer server) : IAsyncLifetime
{
    private readonly string _schema = server.NewSchema();
    private readonly NpgsqlDataSource _dataSource = NpgsqlDataSource.Create(server.ConnectionString);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Table => $"\"{_schema}\".published";

    public async ValueTask InitializeAsync()
    {
        await new PostgreSqlEventInbox(_dataSource, _schema).LoadCheckpointAsync("relay", Cancellation);
        await using NpgsqlCommand create = _dataSource.CreateCommand($"CREATE TABLE {Table} (id text PRIMARY KEY)");
        await create.ExecuteNonQueryAsync(Cancellation);
    }

    public ValueTask DisposeAsync() => _dataSource.DisposeAsync();

    [Fact]
    public async Task Commit_UnderTheLease_KeepsPageAndCheckpoint()
    {
        PostgreSqlEventInbox store = new(_dataSource, _schema);
        JournalRelayPage page = await PageAsync(store, "one");

        await store.CommitAsync(page, WriteAsync, Cancellation);

        Assert.True(page.IsSaved);
        Assert.Equal(1, await CountAsync());
        Assert.Equal(page.Position, await store.LoadCheckpointAsync("relay", Cancellation));
    }

    [Fact]
    public async Task Commit_UnderALeaseThatIsOver_KeepsNeither()
    {
        PostgreSqlEventInbox store = new(_dataSource, _schema);
        JournalRelayPage page = await PageAsync(store, "one");

        await Assert.ThrowsAsync<JournalLeaseLostException>(async () => await store.CommitAsync(
            page,
            async (transaction, token) =>
            {
                await WriteAsync(transaction, token);
                await store.ReleaseLeaseAsync(page.Lease, token);
                Assert.NotNull(await store.TryAcquireLeaseAsync(page.Lease.Name, "another", TimeSpan.FromMinutes(1), token));
            },
            Cancellation));

        Assert.False(page.IsSaved);
        Assert.Equal(0, await CountAsync());
        Assert.Null(await store.LoadCheckpointAsync("relay", Cancellation));
        await Assert.ThrowsAsync<JournalLeaseLostException>(async () => await ((IJournalRelayStore)store).SaveCheckpointAsync("relay", page.Position, page.Lease, Cancellation));
    }

    [Fact]
    public async Task Commit_SinkThatFails_KeepsNeither()
    {
        PostgreSqlEventInbox store = new(_dataSource, _schema);
        JournalRelayPage page = await PageAsync(store, "one");

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.CommitAsync(
            page,
            async (transaction, token) =>
            {
                await WriteAsync(transaction, token);
                throw new InvalidOperationException("The sink's own.");
            },
            Cancellation));

        Assert.Equal(0, await CountAsync());
        Assert.Null(await store.LoadCheckpointAsync("relay", Cancellation));
    }

    [Theory]
    [InlineData("23505")]
    [InlineData("40001")]
    public async Task Commit_StatementOfTheSinkThatFails_IsThrownAsItIsAndNotTriedAgain(string state)
    {
        PostgreSqlEventInbox store = new(_dataSource, _schema);
        JournalRelayPage page = await PageAsync(store, "one");
        int calls = 0;

        PostgresException failure = await Assert.ThrowsAsync<PostgresException>(async () => await store.CommitAsync(
            page,
            async (transaction, token) =>
            {
                calls++;
                await WriteAsync(transaction, token);
                await using NpgsqlCommand fail = new($"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$", transaction.Connection, transaction);
                await fail.ExecuteNonQueryAsync(token);
            },
            Cancellation));

        Assert.Equal(state, failure.SqlState);
        Assert.Equal(1, calls);
        Assert.False(page.IsSaved);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task SaveCheckpoint_OfAnEarlierFence_IsRefused()
    {
        PostgreSqlEventInbox store = new(_dataSource, _schema);
        JournalLease first = (await store.TryAcquireLeaseAsync("journal:relay", "one", TimeSpan.FromMinutes(1), Cancellation))!;
        await store.ReleaseLeaseAsync(first, Cancellation);
        JournalLease second = (await store.TryAcquireLeaseAsync("journal:relay", "one", TimeSpan.FromMinutes(1), Cancellation))!;

        await ((IJournalRelayStore)store).SaveCheckpointAsync("relay", JournalPosition.After("2"), second, Cancellation);
        await Assert.ThrowsAsync<JournalLeaseLostException>(async () => await ((IJournalRelayStore)store).SaveCheckpointAsync("relay", JournalPosition.After("1"), first, Cancellation));

        Assert.Equal(JournalPosition.After("2"), await store.LoadCheckpointAsync("relay", Cancellation));
    }

    private static async Task<JournalRelayPage> PageAsync(PostgreSqlEventInbox store, string owner) => new()
    {
        Name = "relay",
        Entries = [new JournalEntry(JournalPosition.After("p1"), """{"id":"e-1"}"""u8.ToArray())],
        Position = JournalPosition.After("p1"),
        Lease = (await store.TryAcquireLeaseAsync("journal:relay", owner, TimeSpan.FromMinutes(1), Cancellation))!,
    };

    private async ValueTask WriteAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand insert = new($"INSERT INTO {Table} VALUES ('e-1')", transaction.Connection, transaction);
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<long> CountAsync()
    {
        await using NpgsqlCommand count = _dataSource.CreateCommand($"SELECT count(*) FROM {Table}");
        return (long)(await count.ExecuteScalarAsync(Cancellation))!;
    }
}
