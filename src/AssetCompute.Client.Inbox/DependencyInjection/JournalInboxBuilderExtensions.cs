using AssetCompute.Client;
using AssetCompute.Client.Inbox;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what reads journals into the application's <see cref="IEventInbox"/>.</summary>
public static class JournalInboxBuilderExtensions
{
    /// <summary>
    /// Reads a journal into the application's inbox, events and position in one transaction, as a hosted service. Of many instances with one inbox one reads; another
    /// takes over when it ends. An <see cref="IEventInbox"/> must be registered.
    /// </summary>
    /// <param name="builder">The account.</param>
    /// <param name="name">The name of the position in the inbox, of the options and of the health check; 1 to 500 characters. Default: <c>journal</c>.</param>
    /// <param name="configure">Sets the options. Default: the defaults. They are checked when the host starts.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentException"><paramref name="builder"/> is null, or <paramref name="name"/> is empty or too long.</exception>
    /// <exception cref="InvalidOperationException">The name is used already.</exception>
    public static IAssetComputeBuilder AddJournalInbox(this IAssetComputeBuilder builder, string name = "journal", Action<JournalInboxOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > 500)
        {
            throw new ArgumentException($"The name must have 1 to 500 characters; it has {name.Length}.", nameof(name));
        }

        IServiceCollection services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(JournalInboxState) && Equals(service.ServiceKey, name)))
        {
            throw new InvalidOperationException($"A journal is read into the inbox under the name '{name}' already: give this one a name of its own.");
        }

        services.AddKeyedSingleton(name, new JournalInboxState());
        services.AddOptions<JournalInboxOptions>(name).Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JournalInboxOptions>, JournalInboxOptionsValidator>());
        services.AddSingleton<IHostedService>(provider =>
        {
            // At once, so that the host does not start without one.
            IEventInbox inbox = InboxRegistration.InboxOf(provider);
            return new InboxService(token => Create(provider, inbox).RunAsync(token));
        });
        return builder;

        JournalInbox Create(IServiceProvider provider, IEventInbox inbox)
        {
            return new JournalInbox(
                provider.GetRequiredKeyedService<IJournalReader>(builder.Name),
                inbox,
                name,
                $"{Environment.MachineName}/{Guid.NewGuid():N}",
                provider.GetRequiredService<IOptionsMonitor<JournalInboxOptions>>().Get(name),
                provider.GetRequiredKeyedService<JournalInboxState>(name),
                InboxRegistration.LoggerOf(provider),
                provider.GetRequiredService<TimeProvider>());
        }
    }

    /// <summary>
    /// Checks that a journal is read into the inbox, by this instance or by another: unhealthy when it has ended, or has not been read well for
    /// <see cref="JournalInboxOptions.StalledAfter"/>.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name under which the journal is read. Default: <c>journal</c>.</param>
    /// <param name="failureStatus">What a failure is reported as. Default: <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags of the check. Default: none.</param>
    /// <returns>The health checks, for further ones.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHealthChecksBuilder AddJournalInbox(this IHealthChecksBuilder builder, string name = "journal", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name,
            provider => new JournalInboxHealthCheck(
                provider.GetKeyedService<JournalInboxState>(name)
                    ?? throw new InvalidOperationException($"No journal is read into the inbox under the name '{name}': register it with AddJournalInbox."),
                provider.GetRequiredService<IOptionsMonitor<JournalInboxOptions>>().Get(name),
                provider.GetRequiredService<TimeProvider>()),
            failureStatus,
            tags));
    }
}
