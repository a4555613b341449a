using AssetCompute.Client.Inbox;
using AssetCompute.Client.PostgreSql.Tests.Server;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AssetCompute.Client.PostgreSql.Tests;

/// <summary>Registration of an inbox with <c>AddPostgreSqlInbox</c>.</summary>
public sealed class InboxRegistrationTests(SharedServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddPostgreSqlInbox_ConnectionString_RegistersOneInboxThatKeepsTheLeasesOfRelaysToo()
    {
        string schema = server.NewSchema();
        await using ServiceProvider provider = new ServiceCollection().AddPostgreSqlInbox(server.ConnectionString, schema).BuildServiceProvider();

        IEventInbox inbox = provider.GetRequiredService<IEventInbox>();
        Assert.Same(provider.GetRequiredService<PostgreSqlEventInbox>(), inbox);
        Assert.Same(provider.GetRequiredService<IJournalRelayStore>(), inbox);
        Assert.Equal(1, await inbox.AddAsync([new InboxMessage("a", "{}"u8.ToArray())], cancellationToken: Cancellation));
        Assert.Equal(1, (await new PostgreSqlEventInbox(server.ConnectionString, schema).CountAsync(Cancellation)).Waiting);
    }

    [Fact]
    public async Task AddPostgreSqlInbox_RegisteredDataSource_IsUsedAndNotDisposed()
    {
        await using NpgsqlDataSource dataSource = NpgsqlDataSource.Create(server.ConnectionString);
        await using (ServiceProvider provider = new ServiceCollection().AddSingleton(_ => dataSource).AddPostgreSqlInbox(schema: server.NewSchema()).BuildServiceProvider())
        {
            await using AsyncServiceScope scope = provider.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<PostgreSqlEventInbox>().DisposeAsync();
            await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(Cancellation);
        }
    }

    [Fact]
    public void AddPostgreSqlInbox_NothingThatSaysWhere_NamesWhatToRegister()
    {
        using ServiceProvider provider = new ServiceCollection().AddPostgreSqlInbox().BuildServiceProvider();

        Assert.Contains(nameof(NpgsqlDataSource), Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<IEventInbox>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddPostgreSqlInbox_NameThatNoSchemaCanHave_ThrowsAtOnce()
    {
        Assert.Equal("schema", Assert.Throws<ArgumentException>(() => new ServiceCollection().AddPostgreSqlInbox(server.ConnectionString, "pg_catalog")).ParamName);
        Assert.Equal("schema", Assert.Throws<ArgumentException>(() => new ServiceCollection().AddPostgreSqlJournalStore(schema: "")).ParamName);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AddPostgreSqlJournalStore_BesideAnInbox_IsTheInbox(bool inboxFirst)
    {
        await using NpgsqlDataSource dataSource = NpgsqlDataSource.Create(server.ConnectionString);
        IServiceCollection services = new ServiceCollection();
        services = inboxFirst ? services.AddPostgreSqlInbox(dataSource).AddPostgreSqlJournalStore(dataSource) : services.AddPostgreSqlJournalStore(dataSource).AddPostgreSqlInbox(dataSource);
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Same(provider.GetRequiredService<IEventInbox>(), provider.GetRequiredService<IJournalRelayStore>());
        Assert.Same(provider.GetRequiredService<PostgreSqlEventInbox>(), provider.GetRequiredService<IJournalRelayStore>());
    }

    [Fact]
    public async Task AddPostgreSqlJournalStore_Alone_RegistersNoInboxAndReplacesTheStore()
    {
        await using NpgsqlDataSource dataSource = NpgsqlDataSource.Create(server.ConnectionString);
        await using ServiceProvider provider = new ServiceCollection()
            .AddSingleton<IJournalRelayStore>(new InMemoryEventInbox())
            .AddPostgreSqlJournalStore(dataSource)
            .AddPostgreSqlJournalStore(dataSource)
            .BuildServiceProvider();

        Assert.Null(provider.GetService<IEventInbox>());
        Assert.Same(provider.GetRequiredService<PostgreSqlEventInbox>(), Assert.Single(provider.GetServices<IJournalRelayStore>()));
    }

    [Fact]
    public void AddPostgreSqlInbox_InboxRegisteredAlready_Throws()
    {
        IServiceCollection services = new ServiceCollection().AddPostgreSqlInbox(server.ConnectionString);

        Assert.Throws<InvalidOperationException>(() => services.AddPostgreSqlInbox(server.ConnectionString));
    }
}
