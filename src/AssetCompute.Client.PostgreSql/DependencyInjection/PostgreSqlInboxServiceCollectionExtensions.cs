using AssetCompute.Client;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.PostgreSql;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the inbox on PostgreSQL.</summary>
public static class PostgreSqlInboxServiceCollectionExtensions
{
    /// <summary>
    /// Stores events in a PostgreSQL database. Registers <see cref="IEventInbox"/> and <see cref="PostgreSqlEventInbox"/> as the same object. It also stores
    /// the checkpoints and leases of relays if no other store does.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="connectionString">Npgsql's connection string of the database. It may contain a password, so it does not appear in logs and exceptions.</param>
    /// <param name="schema">The schema of the tables; the name is case-sensitive. Instances with the same schema share one inbox. Default:
    /// <c>asset_compute</c>. It is created if it does not exist.</param>
    /// <returns>The services, for further registrations.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="connectionString"/> is null or empty, or <paramref name="schema"/> is not the name of a schema.</exception>
    /// <exception cref="InvalidOperationException">Another inbox is already registered.</exception>
    public static IServiceCollection AddPostgreSqlInbox(this IServiceCollection services, string connectionString, string schema = "asset_compute")
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        InboxSchema.Check(schema);
        return services.AddInbox(_ => new PostgreSqlEventInbox(connectionString, schema));
    }

    /// <summary>Stores events in a PostgreSQL database, like the other overload.</summary>
    /// <param name="services">The services.</param>
    /// <param name="dataSource">The database, which its owner disposes. Default: the registered <see cref="NpgsqlDataSource"/>.</param>
    /// <param name="schema">The schema of the tables; the name is case-sensitive. Instances with the same schema share one inbox. Default:
    /// <c>asset_compute</c>. It is created if it does not exist.</param>
    /// <returns>The services, for further registrations.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="schema"/> is not the name of a schema.</exception>
    /// <exception cref="InvalidOperationException">Another inbox is already registered.</exception>
    public static IServiceCollection AddPostgreSqlInbox(this IServiceCollection services, NpgsqlDataSource? dataSource = null, string schema = "asset_compute")
    {
        ArgumentNullException.ThrowIfNull(services);
        InboxSchema.Check(schema);
        return services.AddInbox(provider => new PostgreSqlEventInbox(dataSource ?? DataSourceOf(provider), schema));
    }

    /// <summary>
    /// Stores the checkpoints and the leases of journal relays in a PostgreSQL database, for an application without an inbox in PostgreSQL. Registers
    /// <see cref="IJournalRelayStore"/> and <see cref="PostgreSqlEventInbox"/> as the same object, which replaces the store that was registered before. If
    /// <c>AddPostgreSqlInbox</c> is also called, its inbox is the store, in its own database and schema.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="dataSource">The database, without an inbox. Default: the registered <see cref="NpgsqlDataSource"/>.</param>
    /// <param name="schema">The schema of the tables, without an inbox; the name is case-sensitive. Default: <c>asset_compute</c>.</param>
    /// <returns>The services, for further registrations.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="schema"/> is not the name of a schema.</exception>
    public static IServiceCollection AddPostgreSqlJournalStore(this IServiceCollection services, NpgsqlDataSource? dataSource = null, string schema = "asset_compute")
    {
        ArgumentNullException.ThrowIfNull(services);
        InboxSchema.Check(schema);
        services.TryAddSingleton(provider => new PostgreSqlEventInbox(dataSource ?? DataSourceOf(provider), schema));
        return services.Replace(ServiceDescriptor.Singleton<IJournalRelayStore>(static provider => provider.GetRequiredService<PostgreSqlEventInbox>()));
    }

    private static NpgsqlDataSource DataSourceOf(IServiceProvider provider) =>
        provider.GetService<NpgsqlDataSource>() ?? throw new InvalidOperationException($"There is no database: pass a connection string or an {nameof(NpgsqlDataSource)}, or register an {nameof(NpgsqlDataSource)}.");
}
