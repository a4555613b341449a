using AssetCompute.Client.Inbox;
using AssetCompute.Client.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the inbox in a SQLite file.</summary>
public static class SqliteInboxServiceCollectionExtensions
{
    /// <summary>
    /// Stores events in a SQLite file. Registers <see cref="IEventInbox"/> and <see cref="SqliteEventInbox"/> as the same object, which also stores the
    /// checkpoints of relays.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="path">The file; see <see cref="SqliteInboxOptions.Path"/>.</param>
    /// <returns>The services, for further registrations.</returns>
    /// <exception cref="ArgumentException">An argument is null or empty.</exception>
    /// <exception cref="InvalidOperationException">Another inbox is already registered.</exception>
    public static IServiceCollection AddSqliteInbox(this IServiceCollection services, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return services.AddSqliteInbox(options => options.Path = path);
    }

    /// <summary>
    /// Stores events in a SQLite file. Registers <see cref="IEventInbox"/> and <see cref="SqliteEventInbox"/> as the same object, which also stores the
    /// checkpoints of relays.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options. They are checked when the inbox is first used.</param>
    /// <returns>The services, for further registrations.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="InvalidOperationException">Another inbox is already registered.</exception>
    public static IServiceCollection AddSqliteInbox(this IServiceCollection services, Action<SqliteInboxOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.TryAddSingleton(TimeProvider.System);
        return services.AddInbox(provider =>
        {
            SqliteInboxOptions options = new();
            configure(options);

            // Checked before the path is combined: after a folder, an invalid path looks like a valid one.
            SqliteInboxOptionsValidator.Check(options);
            if (provider.GetService<IHostEnvironment>() is { } environment)
            {
                options.Path = Path.Combine(environment.ContentRootPath, options.Path);
            }

            return new SqliteEventInbox(options, provider.GetRequiredService<TimeProvider>());
        });
    }
}
