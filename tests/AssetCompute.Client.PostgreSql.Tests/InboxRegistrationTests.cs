using AssetCompute.Client.Inbox;
using AssetCompute.Client.PostgreSql.Tests.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AssetCompute.Client.PostgreSql.Tests;

/// <summary><c>AddPostgreSqlInbox</c>.</summary>
public sealed class InboxRegistrationTests(SharedServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddPostgreSqlInbox_ConnectionString_RegistersOneInbox()
    {
        string schema = server.NewSchema();
        await using ServiceProvider provider = new ServiceCollection()
            .AddPostgreSqlInbox(options =>
            {
                options.ConnectionString = server.ConnectionString;
                options.Schema = schema;
            })
            .BuildServiceProvider();

        IEventInbox inbox = provider.GetRequiredService<IEventInbox>();
        Assert.Same(provider.GetRequiredService<PostgreSqlEventInbox>(), inbox);
        Assert.Equal(1, await inbox.AddAsync([new InboxMessage("a", "{}"u8.ToArray())], cancellationToken: Cancellation));
        Assert.Equal(1, (await new PostgreSqlEventInbox(server.ConnectionString, schema).CountAsync(Cancellation)).Waiting);
    }

    [Fact]
    public async Task AddPostgreSqlInbox_RegisteredDataSource_IsUsedAndNotDisposed()
    {
        await using NpgsqlDataSource dataSource = NpgsqlDataSource.Create(server.ConnectionString);
        string schema = server.NewSchema();
        await using (ServiceProvider provider = new ServiceCollection().AddSingleton(_ => dataSource).AddPostgreSqlInbox(options => options.Schema = schema).BuildServiceProvider())
        {
            await using AsyncServiceScope scope = provider.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<PostgreSqlEventInbox>().DisposeAsync();
            await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(Cancellation);
        }
    }

    [Fact]
    public void AddPostgreSqlInbox_NothingThatSaysWhere_FailsWhenItIsChecked()
    {
        using ServiceProvider provider = new ServiceCollection().AddPostgreSqlInbox().BuildServiceProvider();

        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains(nameof(PostgreSqlInboxOptions.ConnectionString), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddPostgreSqlInbox_BothSourcesAndABadSchema_FailsWithBoth()
    {
        using NpgsqlDataSource dataSource = NpgsqlDataSource.Create(server.ConnectionString);
        using ServiceProvider provider = new ServiceCollection()
            .AddPostgreSqlInbox(options =>
            {
                options.ConnectionString = server.ConnectionString;
                options.DataSource = dataSource;
                options.Schema = "pg_catalog";
            })
            .BuildServiceProvider();

        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.Equal(2, exception.Failures.Count());
    }

    [Fact]
    public void AddPostgreSqlInbox_InboxRegisteredAlready_Throws()
    {
        IServiceCollection services = new ServiceCollection().AddPostgreSqlInbox(server.ConnectionString);

        Assert.Throws<InvalidOperationException>(() => services.AddPostgreSqlInbox(server.ConnectionString));
    }
}
