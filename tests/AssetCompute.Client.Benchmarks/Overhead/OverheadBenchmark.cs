using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;

namespace AssetCompute.Client.Benchmarks.Overhead;

/// <summary>The overhead of the pipeline for a call without throttling or retries, compared with a plain HttpClient that sends the same request.</summary>
internal sealed class OverheadBenchmark
{
    private const int Calls = 50_000;
    private static readonly byte[] Answer = """{"ok":true,"requestId":"r-1"}"""u8.ToArray();

    private static readonly ProcessRequest Request = new()
    {
        Source = new Uri("https://source.example/a.jpg"),
        Renditions = [new Rendition { Format = RenditionFormat.Png, Width = 48, Height = 48, Target = new Uri("https://target.example/a.png") }],
    };

    public static async Task RunAsync(TextWriter output)
    {
        await using AssetComputeClient client = AssetComputeClient.Create(
            static options =>
            {
                options.ClientId = "benchmark";
                options.OrganizationId = "benchmark@AdobeOrg";
            },
            static builder =>
            {
                builder.AddAccessTokenProvider(static _ => new FixedTokenProvider());
                builder.ServiceHttpClient.ConfigurePrimaryHttpMessageHandler(static () => new InMemory());
            });
        using HttpClient bare = new(new InMemory());
        byte[] body = await BodyAsync();

        Cost ours = await MeasureAsync(() => client.ProcessAsync(Request));
        Cost theirs = await MeasureAsync(() => SendBareAsync(bare, body));
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"""
            {Calls} calls of /process, answered in memory

            | | microseconds per call | bytes allocated per call |
            |---|---:|---:|
            | this client: checked, serialised, gate, retries, timeouts, signed, answer read | {ours.Microseconds:0.0} | {ours.Bytes:0} |
            | HttpClient with a finished body and four headers | {theirs.Microseconds:0.0} | {theirs.Bytes:0} |
            """));
    }

    private static async Task<Cost> MeasureAsync(Func<Task> call)
    {
        for (int warmUp = 0; warmUp < Calls / 5; warmUp++)
        {
            await call();
        }

        GC.Collect();
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        long start = Stopwatch.GetTimestamp();
        for (int number = 0; number < Calls; number++)
        {
            await call();
        }

        return new Cost(Stopwatch.GetElapsedTime(start).TotalMicroseconds / Calls, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)Calls);
    }

    private static async Task SendBareAsync(HttpClient client, byte[] body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "https://asset-compute.adobe.io/process");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer benchmark");
        request.Headers.TryAddWithoutValidation("x-api-key", "benchmark");
        request.Headers.TryAddWithoutValidation("x-gw-ims-org-id", "benchmark@AdobeOrg");
        request.Headers.TryAddWithoutValidation("x-request-id", Guid.NewGuid().ToString());
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await response.Content.ReadAsByteArrayAsync();
    }

    private static async Task<byte[]> BodyAsync()
    {
        byte[]? body = null;
        await using AssetComputeClient client = AssetComputeClient.Create(
            static options =>
            {
                options.ClientId = "benchmark";
                options.OrganizationId = "benchmark@AdobeOrg";
            },
            builder =>
            {
                builder.AddAccessTokenProvider(static _ => new FixedTokenProvider());
                builder.ServiceHttpClient.ConfigurePrimaryHttpMessageHandler(() => new InMemory(sent => body = sent));
            });
        await client.ProcessAsync(Request);
        return body!;
    }

    private readonly record struct Cost(double Microseconds, double Bytes);

    private sealed class InMemory(Action<byte[]>? see = null) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (see is not null)
            {
                see(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
            }

            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Answer) };
        }
    }
}
