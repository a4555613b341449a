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
    /// Keeps events in a PostgreSQL database: registers <see cref="IEventInbox"/> and <see cref="PostgreSqlEventInbox"/>, which are the same object. It also keeps the checkpoints and leases of relays if no
    /// other store does.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="connectionString">Npgsql's connection string of the database. It may contain a password, so it does not appear in logs and exceptions.</param>
    /// <param name="schema">The schema that holds the tables, by its exact name; instances with the same schema share one inbox. Default: <c>asset_compute</c>. It is created if it does not exist.</param>
    /// <returns>The services, for further registrations.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="connectionString"/> is null or empty, or <paramref name="schema"/> is not the name of a schema.</exception>
    /// <exception cref="InvalidOperationException">Another inbox is registered already.</exception>
    public static IServiceCollection AddPostgreSqlInbox(this IServiceCollection services, string connectionString, string schema = "asset_compute")
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        InboxSchema.Check(schema);
        return services.AddInbox(_ => new PostgreSqlEventInbox(connectionString, schema));
    }

    /// <summary>Keeps events in a PostgreSQL database, as the other overload does.</summary>
    /// <param name="services">The services.</param>
    /// <param name="dataSource">The database, which its owner disposes. Default: the <see cref="NpgsqlDataSource"/> that is registered.</param>
    /// <param name="schema">The schema that holds the tables, by its exact name; instances with the same schema share one inbox. Default: <c>asset_compute</c>. It is created if it does not exist.</param>
    /// <returns>The services, for further registrations.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="schema"/> is not the name of a schema.</exception>
    /// <exception cref="InvalidOperationException">Another inbox is registered already.</exception>
    public static IServiceCollection AddPostgreSqlInbox(this IServiceCollection services, NpgsqlDataSource? dataSource = null, string schema = "asset_compute")
    {
        ArgumentNullException.ThrowIfNull(services);
        InboxSchema.Check(schema);
        return services.AddInbox(provider => new PostgreSqlEventInbox(dataSource ?? DataSourceOf(provider), schema));
    }

    /// <summary>
    /// Keeps the checkpoints and the leases of journal relays in a PostgreSQL database: registers <see cref="IJournalRelayStore"/> and <see cref="PostgreSqlJournalStore"/>, which are the same object, in place of
    /// the store that was registered before.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="dataSource">The database. Default: the <see cref="NpgsqlDataSource"/> that is registered.</param>
    /// <param name="schema">The schema that holds the tables, by its exact name. Default: <c>asset_compute</c>.</param>
    /// <returns>The services, for further registrations.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="schema"/> is not the name of a schema.</exception>
    /// <exception cref="InvalidOperationException">It is registered already.</exception>
    public static IServiceCollection AddPostgreSqlJournalStore(this IServiceCollection services, NpgsqlDataSource? dataSource = null, string schema = "asset_compute")
    {
        ArgumentNullException.ThrowIfNull(services);
        InboxSchema.Check(schema);
        if (services.Any(static service => service.ServiceType == typeof(PostgreSqlJournalStore)))
        {
            throw new InvalidOperationException("A store for journal relays is registered already: an application has one.");
        }

        services.AddSingleton(provider => new PostgreSqlJournalStore(dataSource ?? DataSourceOf(provider), schema));
        services.Replace(ServiceDescriptor.Singleton<IJournalRelayStore>(static provider => provider.GetRequiredService<PostgreSqlJournalStore>()));
        return services;
    }

    private static NpgsqlDataSource DataSourceOf(IServiceProvider provider) =>
        provider.GetService<NpgsqlDataSource>() ?? throw new InvalidOperationException($"There is no database: pass a connection string or an {nameof(NpgsqlDataSource)}, or register an {nameof(NpgsqlDataSource)}.");
}
