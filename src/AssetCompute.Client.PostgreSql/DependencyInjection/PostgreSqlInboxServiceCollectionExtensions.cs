using AssetCompute.Client;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.PostgreSql;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the inbox on PostgreSQL.</summary>
public static class PostgreSqlInboxServiceCollectionExtensions
{
    /// <summary>Keeps events in a PostgreSQL database: registers <see cref="IEventInbox"/> and <see cref="PostgreSqlEventInbox"/>, which are one.</summary>
    /// <param name="services">The services.</param>
    /// <param name="connectionString">Npgsql's connection string of the database.</param>
    /// <returns>The services, for further registrations.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="connectionString"/> is null or empty.</exception>
    /// <exception cref="InvalidOperationException">Another inbox is registered already.</exception>
    public static IServiceCollection AddPostgreSqlInbox(this IServiceCollection services, string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        return services.AddPostgreSqlInbox(options => options.ConnectionString = connectionString);
    }

    /// <summary>Keeps events in a PostgreSQL database: registers <see cref="IEventInbox"/> and <see cref="PostgreSqlEventInbox"/>, which are one.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options, which are checked at the start. Default: the defaults, on the <see cref="NpgsqlDataSource"/> that is registered.</param>
    /// <returns>The services, for further registrations.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="InvalidOperationException">Another inbox is registered already.</exception>
    public static IServiceCollection AddPostgreSqlInbox(this IServiceCollection services, Action<PostgreSqlInboxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(static service => service.ServiceType == typeof(IEventInbox)))
        {
            throw new InvalidOperationException("An inbox is registered already: an application has one.");
        }

        services.AddOptions<PostgreSqlInboxOptions>()
            .Configure(options => configure?.Invoke(options))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PostgreSqlInboxOptions>, PostgreSqlInboxOptionsValidator>());
        services.AddSingleton(Create);
        services.AddSingleton<IEventInbox>(static provider => provider.GetRequiredService<PostgreSqlEventInbox>());
        return services;
    }

    /// <summary>Keeps the checkpoints and the leases of journal relays in a PostgreSQL database: registers <see cref="IJournalRelayStore"/> and <see cref="PostgreSqlJournalStore"/>, which are one.</summary>
    /// <param name="services">The services.</param>
    /// <param name="dataSource">The database. Default: the <see cref="NpgsqlDataSource"/> that is registered.</param>
    /// <param name="schema">The schema that holds the tables, by its exact name. Default: <c>asset_compute</c>.</param>
    /// <returns>The services, for further registrations.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="InvalidOperationException">Another store is registered already.</exception>
    public static IServiceCollection AddPostgreSqlJournalStore(this IServiceCollection services, NpgsqlDataSource? dataSource = null, string schema = "asset_compute")
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(static service => service.ServiceType == typeof(IJournalRelayStore)))
        {
            throw new InvalidOperationException("A store for journal relays is registered already: an application has one.");
        }

        services.AddSingleton(provider => new PostgreSqlJournalStore(dataSource ?? provider.GetRequiredService<NpgsqlDataSource>(), schema));
        services.AddSingleton<IJournalRelayStore>(static provider => provider.GetRequiredService<PostgreSqlJournalStore>());
        return services;
    }

    private static PostgreSqlEventInbox Create(IServiceProvider provider)
    {
        PostgreSqlInboxOptions options = provider.GetRequiredService<IOptions<PostgreSqlInboxOptions>>().Value;
        return options.ConnectionString is { } connectionString
            ? new PostgreSqlEventInbox(connectionString, options.Schema)
            : new PostgreSqlEventInbox(options.DataSource ?? provider.GetRequiredService<NpgsqlDataSource>(), options.Schema);
    }
}
