using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AssetCompute.Client.IntegrationTests.Journal;

/// <summary>A host with one account and one journal processor whose handler is a delegate.</summary>
internal static class ProcessorHost
{
    public static IHost Create(
        Uri service,
        IJournalCheckpointStore store,
        Func<JournalEntry, CancellationToken, ValueTask> handle,
        Action<JournalProcessorOptions>? configure = null,
        Action<AssetComputeOptions>? configureClient = null,
        Action<IServiceCollection>? configureServices = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(handle);
        configureServices?.Invoke(builder.Services);
        builder.Services
            .AddAssetCompute(options =>
            {
                options.UseEmulator(service);
                options.Journal.PollInterval = TimeSpan.FromMilliseconds(5);
                options.Journal.MaxPollInterval = TimeSpan.FromMilliseconds(20);
                options.Journal.RetryDelay = TimeSpan.FromMilliseconds(1);
                options.Journal.MaxRetryDelay = TimeSpan.FromMilliseconds(10);
                options.Retry.AttemptTimeout = TimeSpan.FromMilliseconds(200);
                configureClient?.Invoke(options);
            })
            .AddJournalProcessor<DelegateHandler>("test", options =>
            {
                options.RetryDelay = TimeSpan.FromMilliseconds(1);
                options.MaxRetryDelay = TimeSpan.FromMilliseconds(5);
                options.CommitInterval = TimeSpan.FromMilliseconds(20);
                configure?.Invoke(options);
            });
        builder.Services.AddHealthChecks().AddJournal("test");
        return builder.Build();
    }

    internal sealed class DelegateHandler(Func<JournalEntry, CancellationToken, ValueTask> handle) : IJournalHandler
    {
        public ValueTask HandleAsync(JournalEntry entry, CancellationToken cancellationToken) => handle(entry, cancellationToken);
    }
}
