using System.Diagnostics.CodeAnalysis;
using AssetCompute.Client;
using AssetCompute.Client.Inbox;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers workers for the application's <see cref="IEventInbox"/>.</summary>
public static class InboxServiceCollectionExtensions
{
    /// <summary>
    /// Handles the events of the application's inbox one by one, as a hosted service. An <see cref="IEventInbox"/> must be registered.
    /// </summary>
    /// <typeparam name="THandler">The handler; resolved from a separate scope for each event.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options. Default: the defaults. They are checked when the host starts.</param>
    /// <returns>The services, for further registrations.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The inbox already has a handler.</exception>
    public static IServiceCollection AddInboxWorkers<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(this IServiceCollection services, Action<InboxWorkerOptions>? configure = null)
        where THandler : class, IInboxHandler
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(static service => service.ServiceType == typeof(WorkersOfTheInbox)))
        {
            throw new InvalidOperationException("The inbox has a handler already: two would take the events away from each other. Let one handler look at the type of the event.");
        }

        services.AddSingleton(new WorkersOfTheInbox());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddScoped<THandler>();
        services.AddOptions<InboxWorkerOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<InboxWorkerOptions>, InboxWorkerOptionsValidator>());
        services.AddSingleton<IHostedService>(static provider => new InboxWorkers(
            InboxRegistration.InboxOf(provider),
            provider.GetRequiredService<IOptions<InboxWorkerOptions>>().Value,
            (delivery, token) => HandleInScopeAsync<THandler>(provider, delivery, token),
            InboxRegistration.LoggerOf(provider),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    /// <summary>Checks that the inbox can be reached. The data has the numbers of waiting, taken and completed events and of dead letters.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check. Default: <c>inbox</c>.</param>
    /// <param name="failureStatus">The status to report for a failure. Default: <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags of the check. Default: none.</param>
    /// <returns>The health checks, for further checks.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHealthChecksBuilder AddInbox(this IHealthChecksBuilder builder, string name = "inbox", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(name, static provider => new InboxHealthCheck(InboxRegistration.InboxOf(provider)), failureStatus, tags));
    }

    private static async ValueTask HandleInScopeAsync<THandler>(IServiceProvider provider, InboxDelivery delivery, CancellationToken cancellationToken)
        where THandler : class, IInboxHandler
    {
        AsyncServiceScope scope = provider.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(delivery, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Marks that the inbox has a handler.</summary>
    private sealed class WorkersOfTheInbox;
}
