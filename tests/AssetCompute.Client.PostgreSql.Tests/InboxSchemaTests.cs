using AssetCompute.Client.Inbox;
using AssetCompute.Client.PostgreSql.Tests.Server;
using Npgsql;

namespace AssetCompute.Client.PostgreSql.Tests;

/// <summary>The tables come to be by themselves.</summary>
public sealed class InboxSchemaTests(SharedServer server) : IAsyncDisposable
{
    private static readonly InboxMessage s_message = new("a", "{}"u8.ToArray());
    private readonly NpgsqlDataSource _dataSource = NpgsqlDataSource.Create(server.ConnectionString);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _dataSource.DisposeAsync();

    [Fact]
    public async Task AddAsync_EightInstancesThatStartAtOnce_MakeOneInbox()
    {
        string schema = server.NewSchema();

        int[] added = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                await using PostgreSqlEventInbox inbox = new(server.ConnectionString, schema);
                return await inbox.AddAsync([s_message], cancellationToken: Cancellation);
            },
            Cancellation)));

        Assert.Equal(1, added.Sum());
        Assert.Equal(1, await ScalarAsync<int>($"SELECT version FROM {schema}.inbox_version"));
    }

    [Fact]
    public async Task EnsureSchemaAsync_TablesOfALaterVersion_AreRefusedAndLeftAlone()
    {
        string schema = server.NewSchema();
        await new PostgreSqlEventInbox(_dataSource, schema).EnsureSchemaAsync(Cancellation);
        await ExecuteAsync($"UPDATE {schema}.inbox_version SET version = 99");

        PostgreSqlEventInbox inbox = new(_dataSource, schema);
        InboxException exception = await Assert.ThrowsAsync<InboxException>(async () => await inbox.AddAsync([s_message], cancellationToken: Cancellation));

        Assert.Contains("99", exception.Message, StringComparison.Ordinal);
        Assert.Contains("update the package", exception.Message, StringComparison.Ordinal);
        Assert.Equal(99, await ScalarAsync<int>($"SELECT version FROM {schema}.inbox_version"));
        Assert.Equal(0, await ScalarAsync<long>($"SELECT count(*) FROM {schema}.inbox_events"));
    }

    [Fact]
    public async Task AddAsync_UserWhoMayNotMakeTables_WorksOnThoseThatAreThere()
    {
        string schema = server.NewSchema();
        await new PostgreSqlEventInbox(_dataSource, schema).EnsureSchemaAsync(Cancellation);
        string user = await CreateUserAsync(schema);
        await ExecuteAsync($"GRANT USAGE ON SCHEMA {schema} TO {user}; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {user}");

        await using PostgreSqlEventInbox inbox = new(As(user), schema);
        JournalLease? lease = await inbox.TryAcquireLeaseAsync("reader", "one", TimeSpan.FromMinutes(1), Cancellation);
        Assert.Equal(1, await inbox.AddAsync([s_message], new InboxCheckpoint("journal", JournalPosition.Latest, lease), Cancellation));
        InboxDelivery delivery = Assert.Single(await inbox.TakeAsync(1, TimeSpan.FromMinutes(1), Cancellation));
        Assert.True(await inbox.SettleAsync(delivery, InboxOutcome.Completed, Cancellation));
        Assert.Equal(1, await inbox.RemoveCompletedAsync(TimeSpan.Zero, Cancellation));
    }

    [Fact]
    public async Task AddAsync_UserWhoMayNotMakeTablesThatAreMissing_SaysWhichRightsItNeeds()
    {
        string schema = server.NewSchema();
        string user = await CreateUserAsync(schema);

        await using PostgreSqlEventInbox inbox = new(As(user), schema);
        InboxException exception = await Assert.ThrowsAsync<InboxException>(async () => await inbox.AddAsync([s_message], cancellationToken: Cancellation));

        Assert.Contains("CREATE", exception.Message, StringComparison.Ordinal);
        Assert.Contains(schema, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddAsync_SchemaThatIsThereWithoutTables_GetsThem()
    {
        string schema = server.NewSchema();
        string user = await CreateUserAsync(schema);
        await ExecuteAsync($"CREATE SCHEMA {schema}; GRANT CREATE, USAGE ON SCHEMA {schema} TO {user}");

        // This user may make no schema, so a statement that makes one, if only where it is missing, would fail.
        await using PostgreSqlEventInbox inbox = new(As(user), schema);
        Assert.Equal(1, await inbox.AddAsync([s_message], cancellationToken: Cancellation));
    }

    [Theory]
    [InlineData("Inbox \"of\"; DROP TABLE x; --")]
    [InlineData("Größe.Ein")]
    public async Task AddAsync_SchemaOfAnUnusualName_IsOneOfThatVeryName(string schema)
    {
        PostgreSqlEventInbox inbox = new(_dataSource, schema);

        Assert.Equal(1, await inbox.AddAsync([s_message], cancellationToken: Cancellation));
        Assert.Equal(1, (await new PostgreSqlEventInbox(_dataSource, schema).CountAsync(Cancellation)).Waiting);

        await using NpgsqlCommand command = _dataSource.CreateCommand("SELECT count(*) FROM pg_namespace WHERE nspname = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = schema });
        Assert.Equal(1L, await command.ExecuteScalarAsync(Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("pg_inbox")]
    [InlineData("a\0b")]
    [InlineData("ääääääääääääääääääääääääääääääää")]
    public void Constructor_NameThatNoSchemaCanHave_Throws(string schema)
    {
        Assert.Equal("schema", Assert.Throws<ArgumentException>(() => new PostgreSqlEventInbox(_dataSource, schema)).ParamName);
    }

    private static string UserOf(string schema) => $"user_of_{schema}";

    private async Task<string> CreateUserAsync(string schema)
    {
        await ExecuteAsync($"CREATE USER {UserOf(schema)}");
        return UserOf(schema);
    }

    private string As(string user) => new NpgsqlConnectionStringBuilder(server.ConnectionString) { Username = user }.ConnectionString;

    private async Task ExecuteAsync(string statement)
    {
        await using NpgsqlCommand command = _dataSource.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<T> ScalarAsync<T>(string query)
    {
        await using NpgsqlCommand command = _dataSource.CreateCommand(query);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
