using AssetCompute.Client.Inbox;
using AssetCompute.Client.PostgreSql.Tests.Server;
using AssetCompute.Client.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.PostgreSql.Tests;

/// <summary>The code of docs/scale.md and docs/inbox.md.</summary>
public sealed class DocumentedInbox(SharedServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Instance_OfThePage_IsRegisteredWhole()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Events"] = server.ConnectionString,
            ["AssetCompute:OrganizationId"] = "example@AdobeOrg",
            ["AssetCompute:ClientId"] = "client",
            ["AssetCompute:ClientSecrets:0"] = "secret",
        });
        AddInstance(builder);

        using IHost host = builder.Build();
        host.Services.GetRequiredService<IStartupValidator>().Validate();
        Assert.IsType<PostgreSqlEventInbox>(host.Services.GetRequiredService<IEventInbox>());
        Assert.Equal(2, host.Services.GetServices<IHostedService>().Count());
    }

    [Fact]
    public async Task Deployment_OfThePage_MakesTheTables()
    {
        string schema = server.NewSchema();

        await MakeTablesAsync(server.ConnectionString, schema, Cancellation);

        await using PostgreSqlEventInbox inbox = new(server.ConnectionString, schema);
        Assert.Equal(new InboxCounts(0, 0, 0, 0), await inbox.CountAsync(Cancellation));
    }

    private static void AddInstance(HostApplicationBuilder builder)
    {
        builder.Services
            .AddPostgreSqlInbox(builder.Configuration.GetConnectionString("Events")!)
            .AddInboxWorkers<AssetHandler>(options => options.MaxParallelism = 8);
        builder.Services
            .AddAssetCompute(builder.Configuration.GetSection("AssetCompute"))
            .AddJournalInbox();
    }

    private static async Task MakeTablesAsync(string ownersConnectionString, string schema, CancellationToken cancellationToken)
    {
        await using PostgreSqlEventInbox inbox = new(ownersConnectionString, schema);
        await inbox.EnsureSchemaAsync(cancellationToken);
    }

    internal static async Task ImportAsync(string path, string connectionString, CancellationToken cancellationToken)
    {
        await using SqliteEventInbox file = new(path);
        await using PostgreSqlEventInbox inbox = new(connectionString);
        Console.WriteLine($"{await inbox.ImportAsync(file, cancellationToken)} events were copied.");
    }

    private sealed class AssetHandler : IInboxHandler
    {
        public ValueTask HandleAsync(InboxDelivery delivery, CancellationToken cancellationToken) => default;
    }
}
