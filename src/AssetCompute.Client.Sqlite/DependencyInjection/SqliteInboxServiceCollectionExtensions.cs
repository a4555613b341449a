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
    /// <param name="path">
    /// The path of the file. The file and its folder are created if they do not exist. A relative path starts at the content root of the host, or at the
    /// working directory without a host. The file must be on a local disk: SQLite's locks do not work over most network file systems.
    /// </param>
    /// <param name="waitsForDisk">
    /// Whether each transaction waits for the disk (<c>synchronous=FULL</c>). If false (<c>NORMAL</c>), calls are faster, and a power failure may lose the last
    /// transactions, but does not damage the file. Default: true.
    /// </param>
    /// <param name="busyTimeout">How long a call waits for other processes that write to the file; zero to 1 hour. Default: 30 seconds.</param>
    /// <returns>The services, for further registrations.</returns>
    /// <exception cref="ArgumentException">An argument is null, not the path of a file, or out of range.</exception>
    /// <exception cref="InvalidOperationException">Another inbox is already registered.</exception>
    public static IServiceCollection AddSqliteInbox(this IServiceCollection services, string path, bool waitsForDisk = true, TimeSpan? busyTimeout = null)
    {
        ArgumentNullException.ThrowIfNull(services);

        // Checked before the path is combined: after a folder, an invalid path looks like a valid one.
        SqliteEventInbox.Check(path, busyTimeout);
        services.TryAddSingleton(TimeProvider.System);
        return services.AddInbox(provider => new SqliteEventInbox(
            Path.Combine(provider.GetService<IHostEnvironment>()?.ContentRootPath ?? "", path), waitsForDisk, busyTimeout, provider.GetRequiredService<TimeProvider>()));
    }
}
