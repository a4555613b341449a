using System.Diagnostics.CodeAnalysis;
using AssetCompute.Client;
using AssetCompute.Client.Journal;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers relays of journals.</summary>
public static class JournalRelayBuilderExtensions
{
    /// <summary>
    /// Reads a journal in one of many processes and passes its pages to a sink, as a hosted service that continues at its checkpoint. It retries without a
    /// limit, so no event is lost while a broker is unavailable. For many processes, register an <see cref="IJournalRelayStore"/>, for example with
    /// <c>AddPostgreSqlJournalStore</c>. Default: checkpoint files under the content root, for one process.
    /// </summary>
    /// <typeparam name="TSink">The sink, a singleton.</typeparam>
    /// <param name="builder">The account.</param>
    /// <param name="name">The name of the checkpoint, of the options and of the health check; 1 to 500 characters. Default: <c>relay</c>.</param>
    /// <param name="configure">Sets the options. Default: the defaults. They are checked when the host starts.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentException"><paramref name="builder"/> is null, or <paramref name="name"/> is empty or too long.</exception>
    /// <exception cref="InvalidOperationException">The name is already used.</exception>
    public static IAssetComputeBuilder AddJournalRelay<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>(
        this IAssetComputeBuilder builder, string name = "relay", Action<JournalRelayOptions>? configure = null)
        where TSink : class, IJournalSink
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<TSink>();
        builder.Services.TryAddFileCheckpoints();
        return builder.AddJournalRelay(
            name,
            static provider => provider.GetRequiredService<TSink>(),
            provider => provider.GetService<IJournalRelayStore>() ?? CreateStore(provider.GetRequiredService<IJournalCheckpointStore>(), name),
            configure);
    }

    /// <summary>Reads a journal in one of many processes and passes its pages to a sink, with a given store.</summary>
    /// <inheritdoc cref="AddJournalRelay{TSink}(IAssetComputeBuilder, string, Action{JournalRelayOptions})"/>
    /// <param name="builder">The account.</param>
    /// <param name="name">The name of the checkpoint, of the options and of the health check; 1 to 500 characters.</param>
    /// <param name="sink">Resolves the sink when the host starts.</param>
    /// <param name="store">Resolves the store when the host starts.</param>
    /// <param name="configure">Sets the options. Default: the defaults. They are checked when the host starts.</param>
    public static IAssetComputeBuilder AddJournalRelay(
        this IAssetComputeBuilder builder, string name, Func<IServiceProvider, IJournalSink> sink, Func<IServiceProvider, IJournalRelayStore> store, Action<JournalRelayOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentNullException.ThrowIfNull(store);
        if (name.Length > 500)
        {
            throw new ArgumentException($"The name must have 1 to 500 characters; it has {name.Length}.", nameof(name));
        }

        IServiceCollection services = builder.Services;
        services.AddJournalConsumer(name, configure);
        services.AddSingleton<IHostedService>(provider =>
        {
            // Resolved now, so that the host does not start without them.
            JournalRelay relay = new(
                provider.GetRequiredKeyedService<JournalReader>(builder.Name),
                sink(provider),
                store(provider),
                name,
                $"{Environment.MachineName}/{Guid.NewGuid():N}",
                provider.GetRequiredService<IOptionsMonitor<JournalRelayOptions>>().Get(name),
                provider.GetRequiredKeyedService<JournalState>(name),
                AccountRegistration.JournalLoggerOf(provider),
                provider.GetRequiredService<TimeProvider>());
            return new SupervisedService(relay.RunAsync);
        });
        return builder;
    }

    private static CheckpointRelayStore CreateStore(IJournalCheckpointStore checkpoints, string name)
    {
        if (checkpoints is FileJournalCheckpointStore)
        {
            // Fail at startup: a running relay would retry forever.
            FileJournalCheckpointStore.CheckName(name);
        }

        return new CheckpointRelayStore(checkpoints);
    }

    /// <summary>
    /// Checks that this process or another one relays a journal: unhealthy if the relay has ended, or has not read the journal successfully for
    /// <see cref="JournalConsumerOptions.StalledAfter"/>.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the relay. Default: <c>relay</c>.</param>
    /// <param name="failureStatus">The status to report for a failure. Default: <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags of the check. Default: none.</param>
    /// <returns>The health checks, for further checks.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHealthChecksBuilder AddJournalRelay(this IHealthChecksBuilder builder, string name = "relay", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name,
            provider => new JournalHealthCheck(
                provider.StateOf<JournalRelayOptions>(name)
                    ?? throw new InvalidOperationException($"No journal is relayed under the name '{name}': register it with AddJournalRelay or AddJournalInbox."),
                provider.GetRequiredService<IOptionsMonitor<JournalRelayOptions>>().Get(name),
                provider.GetRequiredService<TimeProvider>()),
            failureStatus,
            tags));
    }
}
