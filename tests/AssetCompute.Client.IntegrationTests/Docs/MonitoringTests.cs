using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AssetCompute.Client.Inbox;
using AssetCompute.Client.IntegrationTests.Samples;
using AssetCompute.Client.Processes;
using AssetCompute.Client.Tests;
using AssetCompute.Emulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace AssetCompute.Client.IntegrationTests.Docs;

/// <summary>
/// Tests the dashboard and the alerts of docs/monitoring with metrics that Prometheus scrapes from a sample and an application with an inbox.
/// </summary>
public partial class MonitoringTests
{
    private static readonly string s_folder = Path.Combine(SampleProgram.Root, "docs", "monitoring");
    private static readonly string s_photograph = Path.Combine(SampleProgram.Root, "docs", "images", "requests", "width.jpg");

    [Fact]
    public async Task Dashboard_EveryQuery_ReturnsData()
    {
        using TemporaryFolder folder = new();
        await using AssetComputeEmulator emulator = await AssetComputeEmulator.StartAsync(TestContext.Current.CancellationToken);
        await using RunningSample web = await RunningSample.StartAsync("WebApi", folder.Path, new()
        {
            ["ConnectionStrings__assets"] = $"Endpoint={emulator.Endpoint};ImsEndpoint={emulator.ImsEndpoint};OrganizationId=emulator@AdobeOrg;ClientId=emulator-client;ClientSecret=emulator-secret",
            ["AssetCompute__Journal__MaxEventBytes"] = "16384",
        });
        await using WebApplication worker = await StartWorkerAsync(emulator);
        Uri workerAddress = new(worker.Urls.Single());
        await using PrometheusServer prometheus = await PrometheusServer.StartAsync(folder.Path, Path.Combine(s_folder, "alerts.yml"), web.Address, workerAddress);
        await emulator.Aem.Registrations.AddAsync(new() { WebhookUrl = new Uri(workerAddress, "events") }, TestContext.Current.CancellationToken);
        await emulator.Aem.AddAssetAsync("/content/dam/a/photo.jpg", new byte[10], cancellationToken: TestContext.Current.CancellationToken);

        // A low rate, so that some calls are rejected and others are throttled.
        emulator.Faults.LimitRate(EmulatorOperation.Process, perSecond: 2, burst: 1);

        List<string> missing = Queries();
        Assert.True(missing.Count >= 20, "The dashboard has lost its queries.");
        Stopwatch waited = Stopwatch.StartNew();
        while (missing.Count > 0)
        {
            Assert.True(waited.Elapsed < TimeSpan.FromMinutes(10), "No data for:\n" + string.Join('\n', missing));
            await CauseEverythingAsync(emulator, web.Address);
            List<string> still = [];
            foreach (string query in missing)
            {
                if ((await prometheus.QueryAsync(query.Replace("$__rate_interval", "1m", StringComparison.Ordinal))).Count == 0)
                {
                    still.Add(query);
                }
            }

            missing = still;
        }

        IReadOnlyList<(string Name, string Health, string Error)> rules = await prometheus.RulesAsync();
        Assert.NotEmpty(rules);
        Assert.All(rules, rule => Assert.True(rule.Health == "ok", $"{rule.Name}: {rule.Health}, {rule.Error}"));
    }

    /// <summary>Tests that docs/telemetry.md contains each metric of the alerts, so the alerts stay current when a metric is renamed.</summary>
    [Fact]
    public void Alerts_NameMetricsThatExist()
    {
        string telemetry = File.ReadAllText(Path.Combine(SampleProgram.Root, "docs", "telemetry.md")).Replace('.', '_');
        string[] names = [.. MetricName().Matches(File.ReadAllText(Path.Combine(s_folder, "alerts.yml"))).Select(match => Suffix().Replace(match.Value, "")).Distinct()];

        Assert.True(names.Length >= 6, string.Join(", ", names));
        Assert.All(names, name => Assert.Contains(name, telemetry, StringComparison.Ordinal));
    }

    private static async Task<WebApplication> StartWorkerAsync(AssetComputeEmulator emulator)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IEventInbox>(new InMemoryEventInbox());
        builder.Services.AddInboxWorkers<Handler>();
        builder.Services.AddAdobeWebhooks(options =>
        {
            options.ClientId = EmulatorClient.WellKnown.ClientId;
            options.PublicKeyEndpoint = emulator.Endpoint;
        });
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("AssetCompute.Client").AddPrometheusExporter());
        WebApplication app = builder.Build();
        app.MapAdobeEvents("/events");
        app.MapPrometheusScrapingEndpoint();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static List<string> Queries() =>
    [
        .. JsonNode.Parse(File.ReadAllText(Path.Combine(s_folder, "dashboard.json")))!["panels"]!.AsArray()
            .SelectMany(panel => panel!["targets"]?.AsArray() ?? [])
            .Select(target => (string)target!["expr"]!),
    ];

    /// <summary>
    /// Causes each kind of success and failure: a rejected, a failed, and a throttled call, a failed rendition, a failed journal read, a skipped event, and a
    /// published asset.
    /// </summary>
    private static async Task CauseEverythingAsync(AssetComputeEmulator emulator, Uri web)
    {
        emulator.Faults.Next(EmulatorOperation.Journal, new EmulatorFault { Status = 503 });
        emulator.Aem.Publish("/content/dam/a/photo.jpg");
        byte[] photograph = await File.ReadAllBytesAsync(s_photograph);
        using HttpClient http = new() { BaseAddress = web };
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => PostAsync(http, i == 0 ? [1, 2, 3] : photograph))).InTimeAsync("all photographs are done");
        emulator.Faults.Next(EmulatorOperation.Process, new EmulatorFault { Status = 400 });
        await PostAsync(http, photograph).InTimeAsync("the refused photograph is done");
        emulator.Publish(new JsonObject { ["type"] = "of.my.own", ["text"] = new string('x', 50_000) });
    }

    private static async Task PostAsync(HttpClient http, byte[] photograph)
    {
        using ByteArrayContent content = new(photograph);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using HttpResponseMessage accepted = await http.PostAsync("photographs?name=photo.jpg", content);
        accepted.EnsureSuccessStatusCode();
        // The event stream of a photograph ends when its renditions are complete.
        await http.GetStringAsync(accepted.Headers.Location);
    }

    private sealed class Handler : IInboxHandler
    {
        public ValueTask HandleAsync(InboxDelivery delivery, CancellationToken cancellationToken) => default;
    }

    [GeneratedRegex("(asset_compute|messaging)_[a-z_]+(?=[{\\[])")]
    private static partial Regex MetricName();

    [GeneratedRegex("(_seconds)?(_total|_bucket|_count)$")]
    private static partial Regex Suffix();
}
