using System.Diagnostics.CodeAnalysis;
using AssetCompute.Client;
using AssetCompute.Client.Authentication;
using AssetCompute.Client.Journal;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Replaces the default tokens and storage of an account, and registers processors and relays of its journal, and their health checks.</summary>
public static class AssetComputeBuilderExtensions
{
    /// <summary>
    /// Uses a custom token provider instead of Adobe's credentials. The options then need only <see cref="AssetComputeOptions.OrganizationId"/> and
    /// <see cref="AssetComputeOptions.ClientId"/>.
    /// </summary>
    /// <typeparam name="TProvider">The provider. The container creates it once.</typeparam>
    /// <param name="builder">The account.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IAssetComputeBuilder AddAccessTokenProvider<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TProvider>(this IAssetComputeBuilder builder)
        where TProvider : class, IAccessTokenProvider
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.RemoveAllKeyed<IAccessTokenProvider>(builder.Name).AddKeyedSingleton<IAccessTokenProvider, TProvider>(builder.Name);
        return builder;
    }

    /// <inheritdoc cref="AddAccessTokenProvider{TProvider}(IAssetComputeBuilder)"/>
    /// <param name="builder">The account.</param>
    /// <param name="factory">Creates the provider, once. The container disposes it.</param>
    public static IAssetComputeBuilder AddAccessTokenProvider(this IAssetComputeBuilder builder, Func<IServiceProvider, IAccessTokenProvider> factory)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(factory);
        builder.Services.RemoveAllKeyed<IAccessTokenProvider>(builder.Name).AddKeyedSingleton(builder.Name, (provider, _) => factory(provider));
        return builder;
    }

    /// <summary>
    /// Uses a storage for the account: registers it as <see cref="IAssetStorage"/>, and an <see cref="IAssetRenderer"/> that uses it. For an account with a
    /// name, both are keyed by the name.
    /// </summary>
    /// <param name="builder">The account.</param>
    /// <param name="create">Creates the storage. The container disposes it.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IAssetComputeBuilder AddStorage(this IAssetComputeBuilder builder, Func<IServiceProvider, IAssetStorage> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        builder.Services.AddKeyedSingleton(builder.Name, (provider, _) => create(provider));
        builder.Services.TryAddDefault<IAssetStorage>(builder.Name);
        return builder;
    }

    /// <summary>Uses the storage of the emulator at the account's <see cref="AssetComputeOptions.Endpoint"/>.</summary>
    /// <param name="builder">The account.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IAssetComputeBuilder AddEmulatorStorage(this IAssetComputeBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        string name = builder.Name;
        return builder.AddStorage(provider => new EmulatorAssetStorage(AccountRegistration.OptionsOf(provider).Get(name).Endpoint));
    }

    /// <summary>
    /// Handles the events of a journal one by one, as a hosted service that continues at its checkpoint. Checkpoints are stored in files of the folder
    /// <c>checkpoints</c> under the content root, unless an <see cref="IJournalCheckpointStore"/> is registered.
    /// </summary>
    /// <typeparam name="THandler">The handler; resolved from a separate scope for each entry.</typeparam>
    /// <param name="builder">The account.</param>
    /// <param name="checkpoint">The name of the checkpoint and of the health check: letters, digits, '-', '_' and '.', but no '.' at the start. Default: the
    /// name of the handler's type; for a generic type with its arguments, such as <c>Forward.Photo</c> for <c>Forward&lt;Photo&gt;</c>.</param>
    /// <param name="configure">Sets the options. Default: the defaults.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentException"><paramref name="builder"/> is null, or <paramref name="checkpoint"/> is not a valid name of a
    /// checkpoint.</exception>
    /// <exception cref="InvalidOperationException">The name is already used.</exception>
    public static IAssetComputeBuilder AddJournalProcessor<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(this IAssetComputeBuilder builder, string? checkpoint = null, Action<JournalProcessorOptions>? configure = null)
        where THandler : class, IJournalHandler =>
        AddProcessor<THandler>(builder, checkpoint, configure, static _ => 1, static (handler, entries, token) => handler.HandleAsync(entries[0], token));

    /// <summary>
    /// Handles the events of a journal in batches, as a hosted service that continues at its checkpoint. Checkpoints are stored in files of the folder
    /// <c>checkpoints</c> under the content root, unless an <see cref="IJournalCheckpointStore"/> is registered.
    /// </summary>
    /// <typeparam name="THandler">The handler; resolved from a separate scope for each batch.</typeparam>
    /// <inheritdoc cref="AddJournalProcessor{THandler}(IAssetComputeBuilder, string, Action{JournalProcessorOptions})"/>
    public static IAssetComputeBuilder AddJournalBatchProcessor<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(this IAssetComputeBuilder builder, string? checkpoint = null, Action<JournalProcessorOptions>? configure = null)
        where THandler : class, IJournalBatchHandler =>
        AddProcessor<THandler>(builder, checkpoint, configure, static options => options.BatchSize, static (handler, entries, token) => handler.HandleAsync(entries, token));

    /// <summary>
    /// Reads a journal in one of many processes and passes its pages to a sink, as a hosted service that continues at its checkpoint. It retries without a
    /// limit, so no event is lost while a broker is unavailable. For many processes, register an <see cref="IJournalRelayStore"/>, for example with
    /// <c>AddPostgreSqlJournalStore</c>. Default: checkpoint files under the content root, for one process. A sink that implements
    /// <see cref="IJournalRelayStore"/> is its own store.
    /// </summary>
    /// <typeparam name="TSink">The sink, a singleton.</typeparam>
    /// <param name="builder">The account.</param>
    /// <param name="name">The name of the checkpoint, of the options and of the health check: letters, digits, '-', '_' and '.', but no '.' at the start.
    /// Default: <c>relay</c>.</param>
    /// <param name="configure">Sets the options. Default: the defaults. They are checked when the host starts.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentException"><paramref name="builder"/> is null, or <paramref name="name"/> is not valid.</exception>
    /// <exception cref="InvalidOperationException">The name is already used.</exception>
    public static IAssetComputeBuilder AddJournalRelay<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>(
        this IAssetComputeBuilder builder, string name = "relay", Action<JournalRelayOptions>? configure = null)
        where TSink : class, IJournalSink
    {
        ArgumentNullException.ThrowIfNull(builder);
        FileJournalCheckpointStore.CheckName(name, nameof(name));
        builder.Services.TryAddSingleton<TSink>();
        return builder.AddConsumer<JournalRelayOptions>(name, configure, (provider, options, state, stopping) =>
        {
            TSink sink = provider.GetRequiredService<TSink>();
            return new JournalRelay(
                provider.GetRequiredKeyedService<JournalReader>(builder.Name),
                sink,
                sink as IJournalRelayStore ?? provider.GetService<IJournalRelayStore>() ?? new CheckpointRelayStore(provider.GetRequiredService<IJournalCheckpointStore>()),
                name,
                options,
                state,
                AccountRegistration.JournalLoggerOf(provider),
                AccountRegistration.TimeOf(provider)).RunAsync(stopping);
        });
    }

    /// <summary>
    /// Checks the health of a journal processor or relay: unhealthy if it is not registered, has ended, or has not read its journal for
    /// <see cref="JournalConsumerOptions.StalledAfter"/>. A relay is also healthy while another process holds the lease. The data has its lag, the time of
    /// its last success, and its checkpoint.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the processor's checkpoint, or of the relay.</param>
    /// <param name="failureStatus">The status to report for a failure. Default: <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags of the check. Default: none.</param>
    /// <returns>The health checks, for further checks.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHealthChecksBuilder AddJournal(this IHealthChecksBuilder builder, string name, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name,
            provider => provider.GetKeyedService<JournalHealthCheck>(name) ?? (IHealthCheck)new MissingJournalHealthCheck(),
            failureStatus,
            tags));
    }

    private static IAssetComputeBuilder AddProcessor<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] THandler>(
        IAssetComputeBuilder builder,
        string? checkpoint,
        Action<JournalProcessorOptions>? configure,
        Func<JournalProcessorOptions, int> batchSize,
        Func<THandler, IReadOnlyList<JournalEntry>, CancellationToken, ValueTask> handle)
        where THandler : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        string name = checkpoint ?? NameOf(typeof(THandler));
        FileJournalCheckpointStore.CheckName(name, nameof(checkpoint));
        builder.Services.TryAddScoped<THandler>();
        return builder.AddConsumer<JournalProcessorOptions>(name, configure, (provider, options, state, stopping) => new JournalProcessor(
            provider.GetRequiredKeyedService<JournalReader>(builder.Name),
            provider.GetRequiredService<IJournalCheckpointStore>(),
            name,
            options,
            batchSize(options),
            async (entries, token) =>
            {
                AsyncServiceScope scope = provider.CreateAsyncScope();
                await using (scope.ConfigureAwait(false))
                {
                    await handle(scope.ServiceProvider.GetRequiredService<THandler>(), entries, token).ConfigureAwait(false);
                }
            },
            state,
            AccountRegistration.JournalLoggerOf(provider),
            AccountRegistration.TimeOf(provider)).RunAsync(stopping));
    }

    /// <summary>Registers a processor or a relay as a hosted service, with its health and its options. Both share one set of names.</summary>
    /// <exception cref="InvalidOperationException">The name is already used.</exception>
    private static IAssetComputeBuilder AddConsumer<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TOptions>(
        this IAssetComputeBuilder builder, string name, Action<TOptions>? configure, Func<IServiceProvider, TOptions, JournalState, CancellationToken, Task> run)
        where TOptions : JournalConsumerOptions
    {
        IServiceCollection services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(JournalHealthCheck) && Equals(service.ServiceKey, name)))
        {
            throw new InvalidOperationException($"A journal processor or relay with the checkpoint '{name}' is registered already: use another name.");
        }

        JournalState state = new();
        services.AddKeyedTransient(name, (provider, _) => new JournalHealthCheck(state, OptionsOf(provider), AccountRegistration.TimeOf(provider)));
        services.AddOptions<TOptions>(name).Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.TryAddSingleton<IOptionsMonitorCache<TOptions>, LastValidOptions<TOptions>>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, JournalConsumerOptionsValidator<TOptions>>());
        services.TryAddSingleton<IJournalCheckpointStore>(static provider =>
            new FileJournalCheckpointStore(Path.Combine(provider.GetService<IHostEnvironment>()?.ContentRootPath ?? AppContext.BaseDirectory, "checkpoints")));

        // Everything is resolved within the run, so that a store that cannot be created ends the process like any other failure.
        services.AddSingleton<IHostedService>(provider => new SupervisedService(stopping => run(provider, OptionsOf(provider), state, stopping)));
        return builder;

        TOptions OptionsOf(IServiceProvider provider) => provider.GetRequiredService<IOptionsMonitor<TOptions>>().Get(name);
    }

    private static string NameOf(Type type)
    {
        string name = string.Join(".", type.GetGenericArguments().Select(NameOf).Prepend(type.Name.Split('`')[0]));
        return string.Concat(name.Select(static character => FileJournalCheckpointStore.IsInNames(character) ? character : '_'));
    }
}
