using AssetCompute.Client.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AssetCompute.Client.Benchmarks.Comparison;

/// <summary>The hosted journal processor, with checkpoints in memory or in a file.</summary>
internal static class ProcessorWork
{
    public static async Task<Measurement> RunAsync(string server, int count, string[] flags)
    {
        string folder = Directory.CreateTempSubdirectory("checkpoints").FullName;
        try
        {
            int pass = 0;
            return await Measurement.OfAsync(count, () => ProcessAsync(server, count, folder, $"benchmark-{++pass}", flags));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task ProcessAsync(string server, int count, string folder, string checkpoint, string[] flags)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = folder });
        builder.Logging.ClearProviders();
        Counter counter = new(count);
        builder.Services.AddSingleton(counter);
        if (!flags.Contains("--file"))
        {
            builder.Services.AddSingleton<IJournalCheckpointStore, InMemoryJournalCheckpointStore>();
        }

        builder.Services.AddAssetCompute(options => OurClient.Configure(options, server, $"/pages/{count}"))
            .AddJournalProcessor<Handler>(checkpoint);
        using IHost host = builder.Build();
        await host.StartAsync();
        await counter.Done.WaitAsync(TimeSpan.FromMinutes(2));
        await host.StopAsync();
    }

    private sealed class Counter(int count)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _seen;

        public Task Done => _done.Task;

        public void Add()
        {
            if (Interlocked.Increment(ref _seen) == count)
            {
                _done.TrySetResult();
            }
        }
    }

    private sealed class Handler(Counter counter) : IJournalHandler
    {
        public ValueTask HandleAsync(JournalEntry entry, CancellationToken cancellationToken)
        {
            counter.Add();
            return default;
        }
    }
}
