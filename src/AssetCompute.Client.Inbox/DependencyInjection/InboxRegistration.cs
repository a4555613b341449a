using AssetCompute.Client;
using AssetCompute.Client.Inbox;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers an inbox, and the services that everything that uses it needs.</summary>
internal static class InboxRegistration
{
    /// <summary>Registers an inbox. It also stores the leases and checkpoints of relays if no other store does.</summary>
    public static IServiceCollection AddInbox<TInbox>(this IServiceCollection services, Func<IServiceProvider, TInbox> create)
        where TInbox : class, IEventInbox
    {
        if (services.Any(static service => service.ServiceType == typeof(IEventInbox)))
        {
            throw new InvalidOperationException("An inbox is already registered: an application can have only one.");
        }

        services.AddSingleton(create);
        services.AddSingleton<IEventInbox>(static provider => provider.GetRequiredService<TInbox>());
        services.TryAddSingleton<IJournalRelayStore>(static provider => provider.GetRequiredService<TInbox>());
        return services;
    }

    public static IEventInbox InboxOf(IServiceProvider provider) =>
        provider.GetService<IEventInbox>() ?? throw new InvalidOperationException($"There is no inbox: register an {nameof(IEventInbox)}, as AddSqliteInbox of AssetCompute.Client.Sqlite and AddPostgreSqlInbox of AssetCompute.Client.PostgreSql do.");
}
