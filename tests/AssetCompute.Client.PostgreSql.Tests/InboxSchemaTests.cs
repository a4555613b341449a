using AssetCompute.Client.Inbox;
using AssetCompute.Client.PostgreSql.Tests.Server;
using AssetCompute.Client.Tests.Inbox;
using Npgsql;

namespace AssetCompute.Client.PostgreSql.Tests;

/// <summary>The tables are created automatically.</summary>
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

    /// <summary>These are the statements of the first version. They do not change when a later version changes the tables.</summary>
    [Fact]
    public async Task TakeAsync_TablesOfTheFirstVersion_AreCarriedOver()
    {
        string schema = server.NewSchema();
        await ExecuteAsync($"""
            CREATE SCHEMA {schema};
            CREATE TABLE {schema}.inbox_events (due_at timestamptz NOT NULL, received_at timestamptz NOT NULL, settled_at timestamptz, ordinal integer NOT NULL, attempts integer NOT NULL DEFAULT 0,
                state smallint NOT NULL DEFAULT 0, receipt uuid, id text COLLATE "C" PRIMARY KEY, reason text, body bytea);
            CREATE TABLE {schema}.inbox_checkpoints (name text COLLATE "C" PRIMARY KEY, position text NOT NULL, moved_at timestamptz NOT NULL);
            CREATE TABLE {schema}.inbox_leases (name text COLLATE "C" PRIMARY KEY, owner text NOT NULL, fence bigint NOT NULL, expires_at timestamptz NOT NULL);
            CREATE TABLE {schema}.inbox_version (version integer NOT NULL);
            INSERT INTO {schema}.inbox_version VALUES (1);
            INSERT INTO {schema}.inbox_events (due_at, received_at, settled_at, ordinal, attempts, state, id, reason, body) VALUES
                (now(), now(), NULL, 0, 1, 0, 'open', NULL, '\x7b7d'), (now(), now(), now(), 1, 1, 1, 'done', NULL, NULL), (now(), now(), now(), 2, 5, 2, 'dead', 'why', '\x7b7d');
            INSERT INTO {schema}.inbox_checkpoints VALUES ('journal', 'after:p:7', now());
            INSERT INTO {schema}.inbox_leases VALUES ('journal:journal', 'old', 41, now() - interval '1 hour');
            """);
        PostgreSqlEventInbox inbox = new(_dataSource, schema);

        await FirstLayout.AssertIsReadAsync(inbox, Cancellation);
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

        // This user may not create schemas, so even a statement with IF NOT EXISTS would fail.
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
