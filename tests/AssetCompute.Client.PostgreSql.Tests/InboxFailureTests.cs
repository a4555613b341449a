using System.Net;
using System.Net.Sockets;
using AssetCompute.Client.Databases;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.PostgreSql.Tests.Server;
using Npgsql;

namespace AssetCompute.Client.PostgreSql.Tests;

/// <summary>Database failures, and how they appear to the caller.</summary>
public sealed class InboxFailureTests(SharedServer server) : IAsyncDisposable
{
    private const string Secret = "correct-horse";
    private readonly NpgsqlDataSource _dataSource = NpgsqlDataSource.Create(server.ConnectionString);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _dataSource.DisposeAsync();

    [Fact]
    public async Task CountAsync_ServerThatIsNotThere_SaysSoWithoutTheConnectionString()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        await using PostgreSqlEventInbox inbox = new($"Host=127.0.0.1;Port={port};Username=app;Password={Secret}");

        InboxException exception = await Assert.ThrowsAsync<InboxException>(async () => await inbox.CountAsync(Cancellation));

        Assert.Contains("cannot be reached", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CountAsync_DatabaseThatIsNotThere_SaysThatTryingAgainDoesNotHelp()
    {
        await using PostgreSqlEventInbox inbox = new(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "missing" }.ConnectionString);

        InboxException exception = await Assert.ThrowsAsync<InboxException>(async () => await inbox.CountAsync(Cancellation));

        Assert.Contains("\"missing\"", exception.Message, StringComparison.Ordinal);
        Assert.Contains("does not help", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dispose_ServerThatDoesNotAnswerAnyMore_EndsAndTheEventComesAgain(bool isAsync)
    {
        string schema = server.NewSchema();
        PostgreSqlEventInbox inbox;
        Task<bool> settling;
        await using (SilentProxy proxy = new(server.ConnectionString))
        {
            inbox = new PostgreSqlEventInbox(proxy.ConnectionString + ";Command Timeout=0", schema) { CloseTimeout = TimeSpan.FromMilliseconds(100) };
            await inbox.AddAsync([new InboxMessage("a", "{}"u8.ToArray())], cancellationToken: Cancellation);
            InboxDelivery delivery = Assert.Single(await inbox.TakeAsync(1, TimeSpan.FromMilliseconds(1), Cancellation));
            proxy.FallSilent();
            settling = inbox.SettleAsync(delivery, InboxOutcome.Completed, Cancellation).AsTask();

            await (isAsync ? inbox.DisposeAsync().AsTask() : Task.Run(inbox.Dispose, Cancellation)).WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
            Assert.False(settling.IsCompleted);
        }

        await Assert.ThrowsAsync<InboxException>(() => settling);
        Assert.Equal("a", Assert.Single(await new PostgreSqlEventInbox(_dataSource, schema).TakeAsync(1, TimeSpan.FromMinutes(1), Cancellation)).Id);
    }

    [Theory]
    [InlineData($"postgres://app:{Secret}@db/events?sslmode=require")]
    [InlineData($"Host=db;Pasword={Secret}")]
    [InlineData($"{Secret}")]
    public void Constructor_TextThatIsNoConnectionString_ThrowsWithoutIt(string text)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new PostgreSqlEventInbox(text));

        Assert.Equal("connectionString", exception.ParamName);
        Assert.DoesNotContain(Secret, exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddAsync_OnAStandby_SaysToNameThePrimary()
    {
        string schema = server.NewSchema();
        await new PostgreSqlEventInbox(_dataSource, schema).EnsureSchemaAsync(Cancellation);
        await using PostgreSqlEventInbox inbox = new(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Options = "-c default_transaction_read_only=on" }.ConnectionString, schema);

        InboxException exception = await Assert.ThrowsAsync<InboxException>(async () => await inbox.AddAsync([new InboxMessage("a", "{}"u8.ToArray())], cancellationToken: Cancellation));

        Assert.Contains("Target Session Attributes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakeAsync_EventLockedByAnotherTransaction_GoesOnWithTheNext()
    {
        string schema = server.NewSchema();
        PostgreSqlEventInbox inbox = new(_dataSource, schema);
        await inbox.AddAsync([new InboxMessage("a", "{}"u8.ToArray()), new InboxMessage("b", "{}"u8.ToArray())], cancellationToken: Cancellation);
        await using NpgsqlConnection connection = await _dataSource.OpenConnectionAsync(Cancellation);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(Cancellation);
        await using NpgsqlCommand command = new($"SELECT id FROM {schema}.inbox_events WHERE id = 'a' FOR UPDATE", connection);
        await command.ExecuteNonQueryAsync(Cancellation);

        Assert.Equal("b", Assert.Single(await inbox.TakeAsync(2, TimeSpan.FromMinutes(1), Cancellation)).Id);
    }

    [Fact]
    public async Task TakeAsync_ManyAtOnceWhereTransactionsAreSerializable_StillGivesEachEventOnce()
    {
        string schema = server.NewSchema();
        await using PostgreSqlEventInbox inbox = new(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Options = "-c default_transaction_isolation=serializable" }.ConnectionString, schema);
        await inbox.AddAsync([.. Enumerable.Range(0, 40).Select(i => new InboxMessage($"{i}", "{}"u8.ToArray()))], cancellationToken: Cancellation);

        string[][] taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                List<string> ids = [];
                for (int i = 0; i < 10; i++)
                {
                    ids.AddRange((await inbox.TakeAsync(1, TimeSpan.FromMinutes(1), Cancellation)).Select(delivery => delivery.Id));
                }

                return ids.ToArray();
            },
            Cancellation)));

        Assert.Equal(40, taken.SelectMany(ids => ids).Distinct().Count());
    }

    [Fact]
    public async Task EveryMethod_AfterACrashOfTheServer_WorksAgainAndNothingIsLost()
    {
        await using PostgreSqlServer own = await PostgreSqlServer.StartAsync("fsync=off");
        await using PostgreSqlEventInbox inbox = new(own.ConnectionString);
        await inbox.AddAsync([new InboxMessage("a", "{}"u8.ToArray())], cancellationToken: Cancellation);
        InboxDelivery delivery = Assert.Single(await inbox.TakeAsync(1, TimeSpan.FromMinutes(1), Cancellation));

        await own.KillAsync();
        await Assert.ThrowsAsync<InboxException>(async () => await inbox.CountAsync(Cancellation));
        await own.StartAsync();

        Assert.Equal(new InboxCounts(0, 1, 0, 0), await inbox.CountAsync(Cancellation));
        Assert.True(await inbox.SettleAsync(delivery, InboxOutcome.Completed, Cancellation));
        await own.KillAsync();
        await Assert.ThrowsAsync<InboxException>(async () => await inbox.CountAsync(Cancellation));
        await own.StartAsync();

        Assert.Equal(new InboxCounts(0, 0, 1, 0), await inbox.CountAsync(Cancellation));
    }

    private static async Task ExecuteAsync(NpgsqlDataSource dataSource, string sql)
    {
        await using NpgsqlCommand command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
