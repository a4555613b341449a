using AssetCompute.Client.Benchmarks.Comparison;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Benchmarks.Micro;

/// <summary>Reads a page of 500 events without a network.</summary>
[MemoryDiagnoser]
public class JournalBenchmarks : IAsyncDisposable
{
    private static readonly JournalReadOptions s_options = new() { Journal = new Uri("https://journal.example/events"), StopWhenCaughtUp = true };
    private readonly JournalEntry _entry = FirstEntry();
    private readonly AssetComputeClient _client = OurClient.Create("https://asset-compute.example", "", static builder =>
    {
        builder.AddAccessTokenProvider(static _ => new FixedTokenProvider());
        builder.JournalHttpClient.ConfigurePrimaryHttpMessageHandler(static () => new InMemory(Page()));
    });

    /// <summary>Splits the page into entries, without typed events.</summary>
    [Benchmark(OperationsPerInvoke = JournalPages.EventsPerPage)]
    public Task<int> ReadEntries() => ReadAsync(typed: false);

    /// <summary>Splits the page into entries, with typed events.</summary>
    [Benchmark(OperationsPerInvoke = JournalPages.EventsPerPage)]
    public Task<int> ReadTyped() => ReadAsync(typed: true);

    /// <summary>Parses one typed event from its bytes.</summary>
    [Benchmark]
    public AdobeEvent Type() => new JournalEntry(default, _entry.Raw).Event;

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static byte[] Page() => new JournalPages().After(0, JournalPages.EventsPerPage);

    private static JournalEntry FirstEntry()
    {
        using System.Text.Json.JsonDocument page = System.Text.Json.JsonDocument.Parse(Page());
        string json = page.RootElement.GetProperty("events")[0].GetProperty("event").GetRawText();
        return new JournalEntry(default, System.Text.Encoding.UTF8.GetBytes(json));
    }

    private async Task<int> ReadAsync(bool typed)
    {
        int events = 0;
        await foreach (JournalEntry entry in _client.Journal.ReadAsync(JournalPosition.Oldest, s_options))
        {
            events += typed && entry.Event is RenditionCreated ? 2 : 1;
        }

        return events;
    }
}
