using System.Diagnostics.CodeAnalysis;
using AssetCompute.Client;
using AssetCompute.Client.Journal;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers processors of journals.</summary>
public static class JournalProcessorBuilderExtensions
{
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
    /// Checks the health of a processor: unhealthy if it has ended or has not read its journal for <see cref="JournalConsumerOptions.StalledAfter"/>. The
    /// data has its lag, the time of its last success, and its checkpoint.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="checkpoint">The name of the processor's checkpoint.</param>
    /// <param name="failureStatus">The status to report for a failure. Default: <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags of the check. Default: none.</param>
    /// <returns>The health checks, for further checks.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static IHealthChecksBuilder AddJournalProcessor(this IHealthChecksBuilder builder, string checkpoint, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            checkpoint,
            provider => new JournalHealthCheck(
                provider.StateOf<JournalProcessorOptions>(checkpoint)
                    ?? throw new InvalidOperationException($"There is no journal processor with the checkpoint '{checkpoint}': register it with AddJournalProcessor."),
                provider.GetRequiredService<IOptionsMonitor<JournalProcessorOptions>>().Get(checkpoint),
                provider.GetRequiredService<TimeProvider>()),
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
        IServiceCollection services = builder.Services;
        services.AddJournalConsumer(name, configure);
        services.TryAddFileCheckpoints();
        services.TryAddScoped<THandler>();
        services.AddSingleton<IHostedService>(provider => new SupervisedService(async token =>
        {
            using JournalProcessor processor = Create(provider);
            await processor.RunAsync(token).ConfigureAwait(false);
        }));
        return builder;

        JournalProcessor Create(IServiceProvider provider)
        {
            JournalProcessorOptions options = provider.GetRequiredService<IOptionsMonitor<JournalProcessorOptions>>().Get(name);
            return new JournalProcessor(
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
                provider.GetRequiredKeyedService<JournalState>(name),
                AccountRegistration.JournalLoggerOf(provider),
                provider.GetRequiredService<TimeProvider>());
        }
    }

    private static string NameOf(Type type)
    {
        string name = type.Name.Split('`')[0];
        foreach (Type argument in type.GetGenericArguments())
        {
            name += "." + NameOf(argument);
        }

        return string.Concat(name.Select(static character => FileJournalCheckpointStore.IsInNames(character) ? character : '_'));
    }
}
