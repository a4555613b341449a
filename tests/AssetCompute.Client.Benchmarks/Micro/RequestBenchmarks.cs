using AssetCompute.Client.Benchmarks.Comparison;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Benchmarks.Micro;

/// <summary>A call of <c>/process</c> without a network: validation, serialization, throttle, retries, authentication, and reading the response.</summary>
[MemoryDiagnoser]
public class RequestBenchmarks : IAsyncDisposable
{
    private readonly ProcessRequest _request = SampleRequest.Create(0);
    private readonly AssetComputeClient _client = Create(gate: true);
    private readonly AssetComputeClient _withoutGate = Create(gate: false);

    /// <summary>Serializes the request and its three renditions to JSON.</summary>
    [Benchmark]
    public byte[] Serialise() => new RenditionJobsSnapshot { Jobs = [new OpenRenditionJob { Request = _request, Position = JournalPosition.Oldest }] }.ToJson();

    [Benchmark]
    public Task<ProcessResult> Process() => _client.ProcessAsync(_request);

    [Benchmark]
    public Task<ProcessResult> ProcessWithoutLearningGate() => _withoutGate.ProcessAsync(_request);

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _withoutGate.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static AssetComputeClient Create(bool gate) => OurClient.Create(
        "https://asset-compute.example",
        "",
        static builder =>
        {
            builder.AddAccessTokenProvider(static _ => new FixedTokenProvider());
            builder.ServiceHttpClient.ConfigurePrimaryHttpMessageHandler(static () => new InMemory());
        },
        options => options.Throttling.Enabled = gate);
}
