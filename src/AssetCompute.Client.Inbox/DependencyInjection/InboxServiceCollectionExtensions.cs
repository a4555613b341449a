using System.Diagnostics.CodeAnalysis;
using AssetCompute.Client;
using AssetCompute.Client.Inbox;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what uses the application's <see cref="IEventInbox"/>: workers, readers of journals and a health check.</summary>
public static class InboxServiceCollectionExtensions
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

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
        if (services.Any(static service => service.ServiceType == typeof(InboxWorkers)))
        {
            throw new InvalidOperationException("The inbox already has a handler, and two would compete for the events. Use one handler, and check the type of the event in it.");
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddScoped<THandler>();
        services.AddOptions<InboxWorkerOptions>()
            .Configure(options => configure?.Invoke(options))
            .Validate(static options => options.MaxParallelism is > 0 and <= 10_000, Must(nameof(InboxWorkerOptions.MaxParallelism), "be 1 to 10,000"))
            .Validate(static options => options.VisibilityTimeout >= TimeSpan.FromSeconds(1) && options.VisibilityTimeout <= s_day, Must(nameof(InboxWorkerOptions.VisibilityTimeout), "be 1 second to 1 day"))
            .Validate(static options => options.MaxAttempts > 0, Must(nameof(InboxWorkerOptions.MaxAttempts), "be over 0"))
            .Validate(static options => options.RetryDelay >= TimeSpan.Zero, Must(nameof(InboxWorkerOptions.RetryDelay), "not be negative"))
            .Validate(static options => options.MaxRetryDelay >= options.RetryDelay && options.MaxRetryDelay <= s_day, Must(nameof(InboxWorkerOptions.MaxRetryDelay), $"be at least {nameof(InboxWorkerOptions.RetryDelay)}, up to 1 day"))
            .Validate(static options => options.PollInterval >= TimeSpan.FromMilliseconds(10) && options.PollInterval <= TimeSpan.FromHours(1), Must(nameof(InboxWorkerOptions.PollInterval), "be 10 milliseconds to 1 hour"))
            .Validate(static options => options.Retention >= TimeSpan.Zero, Must(nameof(InboxWorkerOptions.Retention), "not be negative"))
            .Validate(static options => options.DrainTimeout >= TimeSpan.Zero && options.DrainTimeout <= s_day, Must(nameof(InboxWorkerOptions.DrainTimeout), "be zero to 1 day"))
            .ValidateOnStart();
        services.AddSingleton(static provider => new InboxWorkers(
            InboxRegistration.InboxOf(provider),
            provider.GetRequiredService<IOptions<InboxWorkerOptions>>().Value,
            (delivery, token) => HandleInScopeAsync<THandler>(provider, delivery, token),
            provider.GetService<ILoggerFactory>()?.CreateLogger(InboxLog.Category) ?? NullLogger.Instance,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<InboxWorkers>());
        return services;
    }

    /// <summary>
    /// Reads a journal into the application's inbox as a hosted service. Stores events and position in one transaction. If many instances share one inbox,
    /// one of them reads; another takes over when it ends. <c>AddHealthChecks().AddJournal("journal")</c> reports whether the journal is read. An
    /// <see cref="IEventInbox"/> must be registered.
    /// </summary>
    /// <param name="builder">The account.</param>
    /// <param name="name">The name of the position in the inbox, of the options and of the health check: letters, digits, '-', '_' and '.', but no '.' at the
    /// start. Default: <c>journal</c>.</param>
    /// <param name="configure">Sets the options. Default: the defaults. They are checked when the host starts.</param>
    /// <returns>The account, for further settings.</returns>
    /// <exception cref="ArgumentException"><paramref name="builder"/> is null, or <paramref name="name"/> is not valid.</exception>
    /// <exception cref="InvalidOperationException">The name is already used.</exception>
    public static IAssetComputeBuilder AddJournalInbox(this IAssetComputeBuilder builder, string name = "journal", Action<JournalRelayOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(static provider => new InboxSink(InboxRegistration.InboxOf(provider)));
        return builder.AddJournalRelay<InboxSink>(name, configure);
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

    private static string Must(string option, string rule) => $"{nameof(InboxWorkerOptions)}: {option} must {rule}.";

    private static async ValueTask HandleInScopeAsync<THandler>(IServiceProvider provider, InboxDelivery delivery, CancellationToken cancellationToken)
        where THandler : class, IInboxHandler
    {
        AsyncServiceScope scope = provider.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(delivery, cancellationToken).ConfigureAwait(false);
        }
    }
}
